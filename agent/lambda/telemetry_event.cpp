#include "lambda/telemetry_event.hpp"

#include <cstring>

#include "lambda/timestamp.hpp"

namespace agent {
namespace {

namespace json = sls::json;
using json::Cursor;
using json::Kind;
using json::Value;

// Capacity that is kept for the next batch; the platform sends 1,000 events in one if it is not asked for more.
constexpr std::size_t kKeptRecordsMax = 2'000;

constexpr std::uint32_t kUnknown = 0;

struct TypeRow {
  std::string_view type;
  std::uint32_t kind;
};
// platform.extension and platform.telemetrySubscription are known, and nobody needs what they say.
constexpr TypeRow kTypes[] = {
    {"function", SLS_RECORD_FUNCTION},
    {"extension", SLS_RECORD_EXTENSION},
    {"platform.start", SLS_RECORD_START},
    {"platform.runtimeDone", SLS_RECORD_RUNTIME_DONE},
    {"platform.report", SLS_RECORD_REPORT},
    {"platform.initStart", SLS_RECORD_INIT_START},
    {"platform.initRuntimeDone", SLS_RECORD_INIT_RUNTIME_DONE},
    {"platform.initReport", SLS_RECORD_INIT_REPORT},
    {"platform.extension", SLS_RECORD_OTHER},
    {"platform.telemetrySubscription", SLS_RECORD_OTHER},
    {"platform.logsDropped", SLS_RECORD_LOGS_DROPPED},
    {"platform.restoreStart", SLS_RECORD_RESTORE_START},
    {"platform.restoreRuntimeDone", SLS_RECORD_RESTORE_RUNTIME_DONE},
    {"platform.restoreReport", SLS_RECORD_RESTORE_REPORT},
};

std::uint32_t kind_of(std::string_view type) {
  for (const TypeRow& row : kTypes) {
    if (row.type == type) return row.kind;
  }
  return kUnknown;
}

sls_str borrowed(std::string_view text) { return {text.data(), text.size()}; }

// Keeps the memory of an ordinary batch, gives up that of a huge one.
template <class T>
void empty(std::vector<T>& rows) {
  if (rows.capacity() > kKeptRecordsMax) rows = std::vector<T>();
  rows.clear();
}

}  // namespace

TelemetryBatch& TelemetryParser::parse(std::string_view body, std::int64_t now_ns) {
  clear();
  now_ns_ = now_ns;
  Cursor cursor(body);
  if (cursor.enter_array()) {
    take_elements(cursor);
  } else {
    batch_.unparsable = true;
  }
  return batch_;
}

void TelemetryParser::clear() {
  empty(batch_.records);
  empty(batch_.facts);
  batch_.malformed = 0;
  batch_.unknown_types = 0;
  batch_.times_unusable = 0;
  batch_.unparsable = false;
  arena_.clear();
  if (mended_.capacity() > TextArena::kKeptBytesMax) mended_ = std::string();
}

void TelemetryParser::take_elements(Cursor& cursor) {
  Cursor::Mark mark = cursor.mark();
  for (;;) {
    if (cursor.next_element()) {
      mark = cursor.mark();
      Envelope envelope;
      if (take_envelope(cursor, envelope)) {
        if (!take_event(envelope)) ++batch_.malformed;
        continue;
      }
    } else if (!cursor.failed()) {
      break;
    }
    // Inside an element, or between two of them where no comma is.
    ++batch_.malformed;
    if (!cursor.recover(mark)) return;
  }
  if (!cursor.at_end()) ++batch_.malformed;
}

bool TelemetryParser::take_envelope(Cursor& cursor, Envelope& out) {
  if (!cursor.enter_object()) return false;
  Value key, ignored;
  while (cursor.next_member(key)) {
    Value& member = key.equals("time")     ? out.time
                    : key.equals("type")   ? out.type
                    : key.equals("record") ? out.record
                                           : ignored;
    if (!cursor.take(member)) return false;
  }
  return !cursor.failed();
}

bool TelemetryParser::take_event(Envelope& envelope) {
  if (!envelope.type.is_string() || envelope.record.kind == Kind::kNone) return false;
  mend(envelope.type);
  mend(envelope.record);

  sls_record out{};
  const std::string_view type = kept_text(envelope.type, arena_);
  const std::uint32_t kind = kind_of(type);
  out.kind = kind == kUnknown ? std::uint32_t{SLS_RECORD_OTHER} : kind;
  out.type = borrowed(type);
  out.json = borrowed(envelope.record.raw);
  if (kind == SLS_RECORD_FUNCTION || kind == SLS_RECORD_EXTENSION) {
    fill_log(out, envelope.record);
  } else if (out.kind != SLS_RECORD_OTHER) {
    PlatformFacts facts;
    facts.record = batch_.records.size();
    if (!read_platform_facts(kind, envelope.record, arena_, facts)) return false;
    out.request_id = borrowed(facts.request_id);
    batch_.facts.push_back(facts);
  }
  if (!envelope.time.is_string() || !parse_timestamp(envelope.time.content(), out.time_ns)) {
    out.time_ns = now_ns_;
    ++batch_.times_unusable;
  }
  batch_.unknown_types += kind == kUnknown ? 1 : 0;
  batch_.records.push_back(out);
  return true;
}

// A record that is neither text nor object has no text and makes no log.
void TelemetryParser::fill_log(sls_record& out, const Value& record) {
  if (record.kind == Kind::kString) {
    out.text = borrowed(kept_text(record, arena_));
  } else if (record.kind == Kind::kObject) {
    out.text = borrowed(compact_text(record));
    if (out.kind == SLS_RECORD_FUNCTION) out.request_id = borrowed(own_request_id(record));
  }
}

// "requestId" if the object has that key, else "AWSRequestId"; only a string counts, and a requestId of another type
// hides the other key. Of a key that stands twice, the last.
std::string_view TelemetryParser::own_request_id(const Value& object) {
  Cursor cursor(object.raw);
  cursor.enter_object();
  Value key, value, id, aws_id;
  while (cursor.next_member(key) && cursor.take(value)) {
    if (key.equals("requestId")) {
      id = value;
    } else if (key.equals("AWSRequestId")) {
      aws_id = value;
    }
  }
  const Value& chosen = id.kind != Kind::kNone ? id : aws_id;
  return chosen.is_string() ? kept_text(chosen, arena_) : std::string_view();
}

std::string_view TelemetryParser::compact_text(const Value& value) {
  if (!value.has(json::kLoose)) return value.raw;
  char* const room = arena_.room(value.raw.size());
  return arena_.keep(json::compact(value, room));
}

// A value that is not UTF-8 is replaced by a copy that is, so that everything which is taken from it is, too.
void TelemetryParser::mend(Value& value) {
  if (!value.has(json::kNonAscii) || json::valid_utf8(value.raw)) return;
  mended_.clear();
  json::append_repaired_utf8(mended_, value.raw);
  std::memcpy(arena_.room(mended_.size()), mended_.data(), mended_.size());
  value.raw = arena_.keep(mended_.size());
}

}  // namespace agent
