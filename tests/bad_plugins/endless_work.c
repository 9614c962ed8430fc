/* Never says that nothing is left to do. */
#include "faultless.h"

static sls_status work(void* self) {
  (void)self;
  return SLS_OK;
}
static sls_status interests(void* self, sls_interests* out) {
  (void)self;
  out->telemetry_kinds = 1u << SLS_RECORD_FUNCTION;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("endless-work", "Has always something left to do."), .interests = interests,
                                 .on_telemetry = ignore_telemetry, .work = work};

const sls_plugin* sls_plugin_v1(void) { return &table; }
