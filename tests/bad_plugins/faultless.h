/* The parts of these plugins that are not at fault: a create, a destroy, and the words of a table. */
#ifndef FAULTLESS_H
#define FAULTLESS_H
#include <sls/plugin.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }
#define FAULTLESS(id_literal, about_literal)                                                                  \
  .size = sizeof(sls_plugin), .id = TEXT(id_literal), .version = TEXT("1.0.0"), .about = TEXT(about_literal), \
  .create = create, .destroy = destroy

static inline sls_status create(const sls_host* host, const sls_sandbox* sandbox, void** self) {
  (void)sandbox;
  *self = (void*)(uintptr_t)host;
  return SLS_OK;
}
static inline void destroy(void* self) { (void)self; }

/* One intake, for those that hand out payloads. */
static inline sls_status one_intake(void* self, sls_interests* out) {
  static const sls_endpoint endpoint = {TEXT("https://intake.{site}"), {NULL, 0}};
  static const sls_intake intake = {sizeof(sls_intake), 0, TEXT("bad"), &endpoint, 1};
  (void)self;
  out->intakes = &intake;
  out->intake_count = 1;
  out->telemetry_kinds = 1u << SLS_RECORD_FUNCTION;
  return SLS_OK;
}
/* Counts nothing, so that only what the fault adds is in the ledger. */
static inline sls_status empty_state(void* self, sls_state* out) {
  (void)self;
  out->received = out->pending_items = out->pending_bytes = 0;
  return SLS_OK;
}
static inline sls_status ignore_telemetry(void* self, sls_telemetry* batch) {
  (void)self;
  (void)batch;
  return SLS_OK;
}
static inline sls_status ignore_delivery(void* self, const sls_delivery* delivery) {
  (void)self;
  (void)delivery;
  return SLS_OK;
}
#endif
