/* No fault: what the others are compared with, and what some are made of (another machine, truncated, writable). */
#include "faultless.h"

static const sls_plugin table = {FAULTLESS("good", "Does nothing, rightly.")};

const sls_plugin* sls_plugin_v1(void) { return &table; }
