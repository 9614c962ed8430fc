/* Needs a function that nobody has. */
#include "faultless.h"

int a_function_that_nobody_has(void);

static sls_status on_note(void* self, const sls_note* note) {
  (void)self;
  (void)note;
  return a_function_that_nobody_has();
}
static const sls_plugin table = {FAULTLESS("undefined-symbol", "Lacks a function."), .on_note = on_note};

const sls_plugin* sls_plugin_v1(void) { return &table; }
