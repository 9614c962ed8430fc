/* Posts a hundred thousand samples and notes, and counts under a thousand names, for every batch. */
#include "faultless.h"

static sls_status on_telemetry(void* self, sls_telemetry* batch) {
  const sls_host* host = self;
  char name[] = "flood.000";
  (void)batch;
  for (int i = 0; i < 100000; ++i) {
    const sls_sample sample = {sizeof sample, SLS_COUNT, TEXT("flood"), 1, 0, {NULL, 0}};
    const sls_note note = {sizeof note, 0, TEXT("request"), TEXT("key"), TEXT("value")};
    if (host->sample) host->sample(host, &sample);
    if (host->note) host->note(host, &note);
  }
  for (int i = 0; i < 1000 && host->counter && host->count; ++i) {
    name[6] = (char)('0' + i / 100);
    name[7] = (char)('0' + i / 10 % 10);
    name[8] = (char)('0' + i % 10);
    host->count(host, host->counter(host, (sls_str){name, sizeof name - 1}), 1);
  }
  if (host->count) host->count(host, UINT32_MAX, 1); /* a handle that it never got */
  return SLS_OK;
}
static sls_status interests(void* self, sls_interests* out) {
  (void)self;
  out->telemetry_kinds = 1u << SLS_RECORD_FUNCTION;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("floods-facts", "Posts too much."), .interests = interests,
                                 .on_telemetry = on_telemetry};

const sls_plugin* sls_plugin_v1(void) { return &table; }
