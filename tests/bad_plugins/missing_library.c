/* Needs a shared library that is not deployed (made of no_entry.c, and left where no loader looks). */
#include "faultless.h"

int somebody_elses_function(void);

static sls_status on_note(void* self, const sls_note* note) {
  (void)self;
  (void)note;
  return somebody_elses_function();
}
static const sls_plugin table = {FAULTLESS("missing-library", "Lacks a library."), .on_note = on_note};

const sls_plugin* sls_plugin_v1(void) { return &table; }
