/* The table says that it ends before `create`. */
#include "faultless.h"

static const sls_plugin table = {
    .size = offsetof(sls_plugin, create), .id = TEXT("short-table"), .version = TEXT("1.0.0")};

const sls_plugin* sls_plugin_v1(void) {
  (void)create;
  (void)destroy;
  return &table;
}
