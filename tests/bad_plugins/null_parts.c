/* A payload that counts parts but points at none; then nothing more. */
#include "faultless.h"

static int handed_out = 0;
static sls_status next_payload(void* self, const sls_flush* flush, sls_payload* out) {
  (void)self;
  (void)flush;
  if (handed_out++ != 0) return SLS_EMPTY;
  out->method = (sls_str)TEXT("POST");
  out->path = (sls_str)TEXT("/in");
  out->part_count = 3;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("null-parts", "Counts parts that are not there."),
                                 .interests = one_intake,
                                 .on_telemetry = ignore_telemetry,
                                 .next_payload = next_payload,
                                 .on_delivery = ignore_delivery,
                                 .state = empty_state};

const sls_plugin* sls_plugin_v1(void) { return &table; }
