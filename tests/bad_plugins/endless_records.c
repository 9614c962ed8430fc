/* Releases one more record, always. */
#include "faultless.h"

static sls_status next_records(void* self, sls_telemetry* out) {
  static sls_record record;
  (void)self;
  record = (sls_record){.kind = SLS_RECORD_FUNCTION, .type = TEXT("function"), .text = TEXT("again")};
  out->stride = sizeof record;
  out->count = 1;
  out->records = &record;
  return SLS_OK;
}
static sls_status interests(void* self, sls_interests* out) {
  (void)self;
  out->telemetry_kinds = 1u << SLS_RECORD_FUNCTION;
  return SLS_OK;
}
static const sls_plugin table = {.stage = SLS_STAGE_EDIT,
                                 FAULTLESS("endless-records", "Has always one more record."),
                                 .interests = interests,
                                 .on_telemetry = ignore_telemetry,
                                 .next_records = next_records};

const sls_plugin* sls_plugin_v1(void) { return &table; }
