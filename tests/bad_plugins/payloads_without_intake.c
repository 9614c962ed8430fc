/* Hands out payloads and names no intake. */
#include "faultless.h"

static sls_status next_payload(void* self, const sls_flush* flush, sls_payload* out) {
  static const sls_part part = {TEXT("lost"), 1};
  (void)self;
  (void)flush;
  out->method = (sls_str)TEXT("POST");
  out->path = (sls_str)TEXT("/in");
  out->parts = &part;
  out->part_count = 1;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("payloads-without-intake", "Ships to nowhere."),
                                 .next_payload = next_payload, .on_delivery = ignore_delivery, .state = empty_state};

const sls_plugin* sls_plugin_v1(void) { return &table; }
