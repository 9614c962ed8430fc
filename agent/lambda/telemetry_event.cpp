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

// Function: for the request id in a JSON log. Platform: for the facts.
bool is_looked_into(std::uint32_t kind) {
  return kind != kUnknown && kind != SLS_RECORD_EXTENSION && kind != SLS_RECORD_OTHER;
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
      Event event;
      if (take_members(cursor, event)) {
        if (!keep(event)) ++batch_.malformed;
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

bool TelemetryParser::take_members(Cursor& cursor, Event& event) {
  if (!cursor.enter_object()) return false;
  Value key;
  while (cursor.next_member(key)) {
    bool taken = false;
    if (key.equals("record")) {
      taken = take_record(cursor, event);
    } else if (key.equals("type")) {
      taken = cursor.take(event.type);
      event.kind = event.type.is_string() ? kind_of(event.type.content()) : kUnknown;
    } else if (key.equals("time")) {
      taken = cursor.take(event.time);
    } else {
      taken = cursor.skip();
    }
    if (!taken) return false;
  }
  return !cursor.failed();
}

// Where the type is known already, as it is in what the platform sends, the record is looked into on the way over it.
bool TelemetryParser::take_record(Cursor& cursor, Event& event) {
  event.looked_into = kUnknown;
  if (cursor.kind() != Kind::kObject || !is_looked_into(event.kind)) return cursor.take(event.record);
  const Cursor::Start start = cursor.begin_value();
  if (!look_into(cursor, event)) return false;
  event.record = cursor.end_value(start);
  return true;
}

// False: the JSON is malformed.
bool TelemetryParser::look_into(Cursor& cursor, Event& event) {
  event.looked_into = event.kind;
  if (event.kind != SLS_RECORD_FUNCTION) {
    facts_ = PlatformFacts();
    event.sound = read_platform_facts(event.kind, cursor, arena_, facts_);
    return !cursor.failed();
  }
  event.id = event.aws_id = Value();
  if (!cursor.enter_object()) return false;
  Value key, value;
  while (cursor.next_member(key)) {
    if (!cursor.take(value)) return false;
    if (key.equals("requestId")) event.id = value;
    if (key.equals("AWSRequestId")) event.aws_id = value;
  }
  return !cursor.failed();
}

// Makes UTF-8 of what is not, and makes up for a record that came before its type, or was mended after it was read.
bool TelemetryParser::settle(Event& event) {
  if (mend(event.type) || event.type.has(json::kEscaped)) event.kind = kind_of(kept_text(event.type, arena_));
  if (mend(event.record)) event.looked_into = kUnknown;
  if (!is_looked_into(event.kind)) return true;
  if (event.looked_into != event.kind && event.record.kind == Kind::kObject) {
    Cursor cursor(event.record.raw);
    look_into(cursor, event);
  }
  return event.kind == SLS_RECORD_FUNCTION || (event.looked_into == event.kind && event.sound);
}

bool TelemetryParser::keep(Event& event) {
  if (!event.type.is_string() || event.record.kind == Kind::kNone || !settle(event)) return false;
  sls_record out{};
  out.kind = event.kind == kUnknown ? std::uint32_t{SLS_RECORD_OTHER} : event.kind;
  out.type = borrowed(kept_text(event.type, arena_));
  out.json = borrowed(event.record.raw);
  if (event.kind == SLS_RECORD_FUNCTION || event.kind == SLS_RECORD_EXTENSION) {
    fill_log(event, out);
  } else if (is_looked_into(event.kind)) {
    facts_.record = batch_.records.size();
    out.request_id = borrowed(facts_.request_id);
    batch_.facts.push_back(facts_);
  }
  if (!event.time.is_string() || !parse_timestamp(event.time.content(), out.time_ns)) {
    out.time_ns = now_ns_;
    ++batch_.times_unusable;
  }
  batch_.unknown_types += event.kind == kUnknown ? 1 : 0;
  batch_.records.push_back(out);
  return true;
}

// A record that is neither text nor object has no text and makes no log. A function's object may name its request:
// "requestId" if it has that key, else "AWSRequestId"; only a string counts, and a requestId of another type hides the
// other key.
void TelemetryParser::fill_log(const Event& event, sls_record& out) {
  if (event.record.kind == Kind::kString) out.text = borrowed(kept_text(event.record, arena_));
  if (event.record.kind != Kind::kObject) return;
  out.text = borrowed(compact_text(event.record));
  if (event.kind != SLS_RECORD_FUNCTION) return;
  const Value& id = event.id.kind != Kind::kNone ? event.id : event.aws_id;
  if (id.is_string()) out.request_id = borrowed(kept_text(id, arena_));
}

std::string_view TelemetryParser::compact_text(const Value& value) {
  if (!value.has(json::kLoose)) return value.raw;
  char* const room = arena_.room(value.raw.size());
  return arena_.keep(json::compact(value, room));
}

// A value that is not UTF-8 is replaced by a copy that is, so that everything which is taken from it is, too. True: it
// was.
bool TelemetryParser::mend(Value& value) {
  if (!value.has(json::kNonAscii) || json::valid_utf8(value.raw)) return false;
  mended_.clear();
  json::append_repaired_utf8(mended_, value.raw);
  std::memcpy(arena_.room(mended_.size()), mended_.data(), mended_.size());
  value.raw = arena_.keep(mended_.size());
  return true;
}

}  // namespace agent
