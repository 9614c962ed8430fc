/* The call for the second invocation never returns. */
#include "faultless.h"

static int invocations = 0;
static sls_status on_invocation(void* self, sls_invocation* step) {
  (void)self;
  if (step->event == SLS_INVOKE && ++invocations == 2) {
    volatile int forever = 1;
    while (forever) {
    }
  }
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("never-returns", "Keeps the thread."), .on_invocation = on_invocation};

const sls_plugin* sls_plugin_v1(void) { return &table; }
