/* Never says that it is empty: one more payload, always. */
#include "faultless.h"

static uint64_t handed_out = 0;
static sls_status next_payload(void* self, const sls_flush* flush, sls_payload* out) {
  static const sls_part part = {TEXT("again"), 1};
  (void)self;
  (void)flush;
  ++handed_out;
  out->method = (sls_str)TEXT("POST");
  out->path = (sls_str)TEXT("/in");
  out->parts = &part;
  out->part_count = 1;
  return SLS_OK;
}
static sls_status state(void* self, sls_state* out) {
  (void)self;
  out->received = handed_out;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("endless-payloads", "Has always one more payload."),
                                 .interests = one_intake,
                                 .on_telemetry = ignore_telemetry,
                                 .next_payload = next_payload,
                                 .on_delivery = ignore_delivery,
                                 .state = state};

const sls_plugin* sls_plugin_v1(void) { return &table; }
