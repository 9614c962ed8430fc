/* A payload whose parts count more units than there are, and more than were ever received; then nothing more. */
#include "faultless.h"

static int handed_out = 0;
static sls_status next_payload(void* self, const sls_flush* flush, sls_payload* out) {
  static const sls_part parts[2] = {{TEXT("a"), UINT64_MAX}, {TEXT("b"), UINT64_MAX}};
  (void)self;
  (void)flush;
  if (handed_out++ != 0) return SLS_EMPTY;
  out->method = (sls_str)TEXT("POST");
  out->path = (sls_str)TEXT("/in");
  out->parts = parts;
  out->part_count = 2;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("huge-counts", "Counts beyond everything."),
                                 .interests = one_intake,
                                 .on_telemetry = ignore_telemetry,
                                 .next_payload = next_payload,
                                 .on_delivery = ignore_delivery,
                                 .state = empty_state};

const sls_plugin* sls_plugin_v1(void) { return &table; }
