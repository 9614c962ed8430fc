/* Takes 50 ms of the loop for every batch and every step of an invocation: ten times its budget. */
#include <time.h>

#include "faultless.h"

static void burn(void) {
  const clock_t until = clock() + CLOCKS_PER_SEC / 20; /* of processor time */
  while (clock() < until) {
  }
}
static sls_status on_invocation(void* self, sls_invocation* step) {
  (void)self;
  (void)step;
  burn();
  return SLS_OK;
}
static sls_status on_telemetry(void* self, sls_telemetry* batch) {
  (void)self;
  (void)batch;
  burn();
  return SLS_OK;
}
static sls_status interests(void* self, sls_interests* out) {
  (void)self;
  out->telemetry_kinds = 1u << SLS_RECORD_FUNCTION;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("slow", "Takes its time."), .interests = interests,
                                 .on_invocation = on_invocation, .on_telemetry = on_telemetry};

const sls_plugin* sls_plugin_v1(void) { return &table; }
