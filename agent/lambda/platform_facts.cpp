#include "lambda/platform_facts.hpp"

#include <algorithm>
#include <iterator>

#include "sls/plugin.h"

namespace agent {
namespace {

namespace json = sls::json;
using json::Cursor;
using json::Value;

enum Field : std::uint32_t {
  kRequestId = 1u << 0,
  kStatus = 1u << 1,
  kInitType = 1u << 2,
  kPhase = 1u << 3,
  kDuration = 1u << 4,
  kReason = 1u << 5,
  kDroppedRecords = 1u << 6,
  kDroppedBytes = 1u << 7,
};

std::uint32_t required_fields(std::uint32_t kind) {
  switch (kind) {
    case SLS_RECORD_INIT_START: return kInitType | kPhase;
    case SLS_RECORD_INIT_RUNTIME_DONE: return kInitType | kStatus;
    case SLS_RECORD_INIT_REPORT: return kInitType | kPhase | kDuration;
    case SLS_RECORD_START: return kRequestId;
    case SLS_RECORD_RUNTIME_DONE: return kRequestId | kStatus;
    case SLS_RECORD_REPORT: return kRequestId | kStatus | kDuration;
    case SLS_RECORD_RESTORE_RUNTIME_DONE: return kStatus;
    case SLS_RECORD_RESTORE_REPORT: return kStatus;
    case SLS_RECORD_LOGS_DROPPED: return kReason | kDroppedRecords | kDroppedBytes;
    default: return 0;
  }
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

constexpr std::string_view kStatuses[] = {"success", "error", "failure", "timeout"};
constexpr std::string_view kPhases[] = {"init", "invoke"};
constexpr std::string_view kInitTypes[] = {"on-demand", "provisioned-concurrency", "snap-start",
                                           "lambda-managed-instances"};

class FactsReader {
 public:
  FactsReader(Cursor& cursor, TextArena& arena, PlatformFacts& facts) : cursor_(cursor), arena_(arena), facts_(facts) {}

  bool read(std::uint32_t kind) {
    if (!cursor_.enter_object()) return false;
    Value key;
    while (cursor_.next_member(key)) {
      if (!member(key)) return false;
    }
    const std::uint32_t required = required_fields(kind) | (facts_.has_metrics ? std::uint32_t{kDuration} : 0u);
    return !cursor_.failed() && sound_ && (seen_ & required) == required;
  }

 private:
  bool member(const Value& key) {
    if (key.equals("requestId")) return text(facts_.request_id, kRequestId);
    if (key.equals("status")) return word(facts_.status, kStatus, kStatuses);
    if (key.equals("metrics")) return metrics();
    if (key.equals("spans")) return spans();
    if (key.equals("version")) return text(facts_.version);
    if (key.equals("errorType")) return text(facts_.error_type);
    if (key.equals("initializationType")) return word(facts_.init_type, kInitType, kInitTypes);
    if (key.equals("phase")) return word(facts_.phase, kPhase, kPhases);
    if (key.equals("runtimeVersion")) return text(facts_.runtime_version);
    if (key.equals("runtimeVersionArn")) return text(facts_.runtime_version_arn);
    if (key.equals("reason")) return text(facts_.dropped_reason, kReason);
    if (key.equals("droppedRecords")) return number(facts_.dropped_records, kDroppedRecords);
    if (key.equals("droppedBytes")) return number(facts_.dropped_bytes, kDroppedBytes);
    return cursor_.skip();
  }

  bool metrics() {
    if (cursor_.kind() != json::Kind::kObject) return cursor_.skip();
    facts_.has_metrics = true;
    cursor_.enter_object();
    Value key;
    while (cursor_.next_member(key)) {
      if (!metric(key)) return false;
    }
    return !cursor_.failed();
  }

  bool metric(const Value& key) {
    if (key.equals("durationMs")) return number(facts_.duration_ms, kDuration);
    if (key.equals("billedDurationMs")) return number(facts_.billed_ms);
    if (key.equals("memorySizeMB")) return number(facts_.memory_size_mb);
    if (key.equals("maxMemoryUsedMB")) return number(facts_.max_memory_used_mb);
    if (key.equals("initDurationMs")) return number(facts_.init_duration_ms);
    if (key.equals("restoreDurationMs")) return number(facts_.restore_duration_ms);
    if (key.equals("producedBytes")) return number(facts_.produced_bytes);
    return cursor_.skip();
  }

  // [{"name":"responseLatency","start":…,"durationMs":23.02},…]
  bool spans() {
    if (cursor_.kind() != json::Kind::kArray) return cursor_.skip();
    cursor_.enter_array();
    while (cursor_.next_element()) {
      if (!span()) return false;
    }
    return !cursor_.failed();
  }

  bool span() {
    if (cursor_.kind() != json::Kind::kObject) return cursor_.skip();
    cursor_.enter_object();
    Value key, name;
    double duration = kAbsent;
    while (cursor_.next_member(key)) {
      const bool read = key.equals("name")         ? cursor_.take(name)
                        : key.equals("durationMs") ? number(duration)
                                                   : cursor_.skip();
      if (!read) return false;
    }
    if (name.equals("responseLatency")) facts_.response_latency_ms = duration;
    if (name.equals("responseDuration")) facts_.response_duration_ms = duration;
    return !cursor_.failed();
  }

  bool text(std::string_view& out, std::uint32_t field = 0) {
    Value value;
    if (!cursor_.take(value)) return false;
    if (!value.is_string()) return true;
    out = kept_text(value, arena_);
    seen_ |= field;
    return true;
  }

  template <std::size_t N>
  bool word(std::string_view& out, std::uint32_t field, const std::string_view (&words)[N]) {
    if (!text(out, field)) return false;
    if (out.data() != nullptr && !is_one_of(out, words)) sound_ = false;
    return true;
  }

  // Nothing that the platform measures is negative: such a number is as good as none.
  bool number(double& out, std::uint32_t field = 0) {
    Value value;
    if (!cursor_.take(value)) return false;
    double read = kAbsent;
    if (!json::to_double(value, read) || read < 0) return true;
    out = read;
    seen_ |= field;
    return true;
  }

  Cursor& cursor_;
  TextArena& arena_;
  PlatformFacts& facts_;
  std::uint32_t seen_ = 0;
  bool sound_ = true;  // every word is one of those that it may be
};

}  // namespace

std::string_view kept_text(const Value& value, TextArena& arena) {
  if (!value.has(json::kEscaped)) return value.content();
  char* const room = arena.room(value.raw.size());
  return arena.keep(json::unescape(value.content(), room));
}

bool read_platform_facts(std::uint32_t kind, Cursor& cursor, TextArena& arena, PlatformFacts& out) {
  return FactsReader(cursor, arena, out).read(kind);
}

}  // namespace agent
