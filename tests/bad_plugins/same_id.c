/* Built twice: two files, one id. */
#include "faultless.h"

static const sls_plugin table = {FAULTLESS("same-id", "There are two of it.")};

const sls_plugin* sls_plugin_v1(void) { return &table; }
