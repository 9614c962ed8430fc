/* A table without create and destroy. */
#include <sls/plugin.h>

static const sls_plugin table = {.size = sizeof(sls_plugin), .id = {"no-create", 9}, .version = {"1.0.0", 5}};

const sls_plugin* sls_plugin_v1(void) { return &table; }
