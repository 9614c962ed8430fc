/* An id with bytes that would break names of settings and variables. */
#include "faultless.h"

static const sls_plugin table = {FAULTLESS("Bad_Id\n", "Has an impossible id.")};

const sls_plugin* sls_plugin_v1(void) { return &table; }
