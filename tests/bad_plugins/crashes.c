/* The process gets SIGSEGV when the second invocation begins. */
#include <signal.h>

#include "faultless.h"

static int invocations = 0;
static sls_status on_invocation(void* self, sls_invocation* step) {
  (void)self;
  if (step->event == SLS_INVOKE && ++invocations == 2) raise(SIGSEGV);
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("crashes", "Ends the process."), .on_invocation = on_invocation};

const sls_plugin* sls_plugin_v1(void) { return &table; }
