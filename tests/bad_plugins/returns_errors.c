/* Answers SLS_E_FAILED to everything that arrives. */
#include "faultless.h"

static sls_status on_invocation(void* self, sls_invocation* step) {
  (void)self;
  (void)step;
  return SLS_E_FAILED;
}
static sls_status on_telemetry(void* self, sls_telemetry* batch) {
  (void)self;
  (void)batch;
  return SLS_E_FAILED;
}
static sls_status next_payload(void* self, const sls_flush* flush, sls_payload* out) {
  (void)self;
  (void)flush;
  (void)out;
  return SLS_E_FAILED;
}
static const sls_plugin table = {FAULTLESS("returns-errors", "Fails at everything."),
                                 .interests = one_intake,
                                 .on_invocation = on_invocation,
                                 .on_telemetry = on_telemetry,
                                 .next_payload = next_payload,
                                 .on_delivery = ignore_delivery,
                                 .state = empty_state};

const sls_plugin* sls_plugin_v1(void) { return &table; }
