/* Faults where and how its options say: at create, invoke, tracer, line (one that says "fault"), flush, tick, shutdown,
   destroy; how segv, abort, ill, fpe, overflow, loop, wait, bus. In its entry: where FAULT_AT_ENTRY is set. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faultless.h"

static char at[32], how[32];
static volatile int zero = 0, seven = 7;
static volatile int* volatile nowhere = NULL;

static void set(char* target, const sls_sandbox* sandbox, const char* key) {
  size_t i;
  for (i = 0; i < sandbox->options.count; ++i) {
    const sls_pair* pair = &sandbox->options.items[i];
    if (pair->key.len != strlen(key) || memcmp(pair->key.data, key, pair->key.len) != 0) continue;
    if (pair->value.len < sizeof at) memcpy(target, pair->value.data, pair->value.len);
  }
}
static int overflow(int depth) {
  volatile char room[4096];
  room[0] = (char)depth;
  return zero != 0 ? 0 : overflow(depth + 1) + room[0];
}
static void fault(const char* where) {
  if (strcmp(at, where) != 0) return;
  if (strcmp(how, "segv") == 0) *nowhere = 1;
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "ill") == 0) __builtin_trap();
  if (strcmp(how, "fpe") == 0) zero = seven / zero;
  if (strcmp(how, "bus") == 0) raise(SIGBUS);
  if (strcmp(how, "overflow") == 0) zero = overflow(0);
  if (strcmp(how, "loop") == 0)
    while (zero == 0) {
    }
  if (strcmp(how, "wait") == 0)
    for (;;) pause();
}
static sls_status create_or_fault(const sls_host* host, const sls_sandbox* sandbox, void** self) {
  set(at, sandbox, "at");
  set(how, sandbox, "how");
  *self = (void*)(uintptr_t)host;
  fault("create");
  return SLS_OK;
}
static void destroy_or_fault(void* self) {
  (void)self;
  fault("destroy");
}
static sls_status interests(void* self, sls_interests* out) {
  one_intake(self, out);
  if (strcmp(at, "tick") == 0) out->tick_ns = 150000000;
  return SLS_OK;
}
static sls_status on_invocation(void* self, sls_invocation* step) {
  (void)self;
  if (step->event == SLS_INVOKE) fault("invoke");
  if (step->event == SLS_TRACER_START) fault("tracer");
  if (step->event == SLS_SHUTDOWN) fault("shutdown");
  return SLS_OK;
}
static sls_status on_telemetry(void* self, sls_telemetry* batch) {
  size_t i;
  (void)self;
  for (i = 0; i < batch->count; ++i)
    if (batch->records[i].text.len == 5 && memcmp(batch->records[i].text.data, "fault", 5) == 0) fault("line");
  return SLS_OK;
}
static sls_status on_tick(void* self, int64_t now_ns) {
  (void)self;
  (void)now_ns;
  fault("tick");
  return SLS_OK;
}
static sls_status next_payload(void* self, const sls_flush* flush, sls_payload* out) {
  (void)self;
  (void)flush;
  (void)out;
  fault("flush");
  return SLS_EMPTY;
}
#define ROW(name) \
  { .size = sizeof(sls_option), .key = TEXT(name), .type = TEXT("string"), .about = TEXT("See above.") }
static const sls_option options[] = {ROW("at"), ROW("how")};
static const sls_plugin table = {.size = sizeof(sls_plugin),
                                 .id = TEXT("faults-at-will"),
                                 .version = TEXT("1.0.0"),
                                 .about = TEXT("Faults where and how it is told."),
                                 .create = create_or_fault,
                                 .destroy = destroy_or_fault,
                                 .options = options,
                                 .option_count = 2,
                                 .interests = interests,
                                 .on_invocation = on_invocation,
                                 .on_telemetry = on_telemetry,
                                 .on_tick = on_tick,
                                 .next_payload = next_payload,
                                 .on_delivery = ignore_delivery,
                                 .state = empty_state};

const sls_plugin* sls_plugin_v1(void) {
  if (getenv("FAULT_AT_ENTRY")) *nowhere = 1;
  return &table;
}
