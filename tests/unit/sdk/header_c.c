/* The contract as C sees it: compiles alone, and its structs have no implicit padding (-Wpadded). */
#include <sls/plugin.h>

static sls_status create(const sls_host* host, const sls_sandbox* sandbox, void** self) {
  (void)host;
  (void)sandbox;
  *self = NULL;
  return SLS_OK;
}

static const sls_plugin table = {sizeof(sls_plugin),
                                 0,
                                 SLS_STAGE_CONSUME,
                                 0,
                                 {"c", 1},
                                 {"1", 1},
                                 {"In C.", 5},
                                 NULL,
                                 0,
                                 create,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL};

const sls_plugin* sls_plugin_v1(void) { return &table; }
