/* create answers SLS_E_INVALID and leaves no instance. */
#include "faultless.h"

static sls_status refuse(const sls_host* host, const sls_sandbox* sandbox, void** self) {
  (void)host;
  (void)sandbox;
  (void)create;
  *self = NULL;
  return SLS_E_INVALID;
}
static const sls_plugin table = {.size = sizeof(sls_plugin),
                                 .id = TEXT("create-fails"),
                                 .version = TEXT("1.0.0"),
                                 .about = TEXT("Cannot be made."),
                                 .create = refuse,
                                 .destroy = destroy};

const sls_plugin* sls_plugin_v1(void) { return &table; }
