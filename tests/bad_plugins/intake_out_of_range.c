/* A payload for the hundredth of its one intakes; then nothing more. */
#include "faultless.h"

static int handed_out = 0;
static sls_status next_payload(void* self, const sls_flush* flush, sls_payload* out) {
  static const sls_part part = {TEXT("lost"), 1};
  (void)self;
  (void)flush;
  if (handed_out++ != 0) return SLS_EMPTY;
  out->intake = 99;
  out->method = (sls_str)TEXT("POST");
  out->path = (sls_str)TEXT("/in");
  out->parts = &part;
  out->part_count = 1;
  return SLS_OK;
}
static sls_status state(void* self, sls_state* out) {
  (void)self;
  out->received = 1;
  out->pending_items = handed_out == 0 ? 1 : 0;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("intake-out-of-range", "Ships to an intake that it never named."),
                                 .interests = one_intake,
                                 .on_telemetry = ignore_telemetry,
                                 .next_payload = next_payload,
                                 .on_delivery = ignore_delivery,
                                 .state = state};

const sls_plugin* sls_plugin_v1(void) { return &table; }
