/* The entry returns NULL. */
#include <sls/plugin.h>

const sls_plugin* sls_plugin_v1(void) { return NULL; }
