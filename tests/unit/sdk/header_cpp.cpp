// The contract as C++ sees it: compiles alone, and its structs have no implicit padding (-Wpadded).
#include <sls/plugin.h>

const sls_plugin* sls_plugin_v1(void) { return nullptr; }
