#include "in/record.hpp"

#include <charconv>
#include <cmath>
#include <initializer_list>

#include "sls/codec/json.hpp"

namespace logs {

namespace {

using sls::json::Cursor;
using sls::json::Value;

std::string_view view(const sls_str& text) {
  return text.len == 0 ? std::string_view() : std::string_view(text.data, text.len);
}

struct Wanted {
  std::string_view name;
  Value& value;
};

// Fills the members of the object that are wanted; of a repeated name the last. A malformed rest is as good as absent.
void pick(std::string_view object, std::initializer_list<Wanted> wanted) {
  Cursor cursor(object);
  if (!cursor.enter_object()) return;
  Value key, value;
  while (cursor.next_member(key) && cursor.take(value)) {
    for (const Wanted& each : wanted) {
      if (key.equals(each.name)) each.value = value;
    }
  }
}

std::string_view text_or(const Value& value, std::string_view otherwise, std::string& spare) {
  return value.is_string() ? sls::json::text_of(value, spare) : otherwise;
}

void append_fixed(std::string& out, double number) {
  char digits[400];  // the largest double has 309 digits before the point
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed, 2).ptr);
}

// A whole number, also one that was written as 128.0.
bool whole(const Value& value, std::uint64_t& out) {
  if (sls::json::to_uint64(value, out)) return true;
  double number = 0;
  if (!sls::json::to_double(value, number) || number < 0 || number > 1e15 || number != std::floor(number)) return false;
  out = static_cast<std::uint64_t>(number);
  return true;
}

// In double quotes; quotes, backslashes and what would break the line are escaped.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  out += '"';
}

void set_outcome(const Value& status, Line& line) {
  if (!status.is_string()) return;
  line.outcome = status.equals("success") ? Outcome::kSuccess : Outcome::kFailure;
}

void append_timed_out(std::string& out, double duration_ms) {
  out += " Task timed out after ";
  append_fixed(out, duration_ms / 1000);
  out += " seconds";
}

}  // namespace

bool RecordReader::read(const sls_record& record, Line& line) {
  line = Line{};
  line.time_ns = record.time_ns;
  line.request_id = view(record.request_id);
  switch (record.kind) {
    case SLS_RECORD_FUNCTION:
    case SLS_RECORD_EXTENSION:
      if (record.text.data == nullptr) return false;
      line.source = record.kind == SLS_RECORD_FUNCTION ? Source::kFunction : Source::kExtension;
      line.text = view(record.text);
      if (line.source == Source::kFunction) read_execution(view(record.json), line);
      return true;
    case SLS_RECORD_INIT_START: init_start(record, line); break;
    case SLS_RECORD_START: start(record); break;
    case SLS_RECORD_RUNTIME_DONE: runtime_done(record, line); break;
    case SLS_RECORD_REPORT: report(record, line); break;
    default: return false;
  }
  line.source = Source::kPlatform;
  line.text = text_;
  return true;
}

void RecordReader::init_start(const sls_record& record, Line& line) {
  Value version, arn;
  pick(view(record.json), {{"runtimeVersion", version}, {"runtimeVersionArn", arn}});
  line.runtime_version = text_or(version, "?", second_);
  text_ = "INIT_START Runtime Version: ";
  text_ += line.runtime_version;
  text_ += " Runtime Version ARN: ";
  text_ += text_or(arn, "?", first_);
}

void RecordReader::start(const sls_record& record) {
  Value version;
  pick(view(record.json), {{"version", version}});
  text_ = "START RequestId: ";
  text_ += view(record.request_id);
  text_ += " Version: ";
  text_ += text_or(version, "$LATEST", first_);
}

void RecordReader::runtime_done(const sls_record& record, Line& line) {
  Value status, error_type, metrics, duration;
  pick(view(record.json), {{"status", status}, {"errorType", error_type}, {"metrics", metrics}});
  text_ = "END RequestId: ";
  text_ += line.request_id;
  set_outcome(status, line);
  if (metrics.kind != sls::json::Kind::kObject) return;
  pick(metrics.raw, {{"durationMs", duration}});
  double duration_ms = 0;
  sls::json::to_double(duration, duration_ms);
  line.duration_ms = duration_ms;
  runtimes_[oldest_].request_id = line.request_id;
  runtimes_[oldest_].duration_ms = duration_ms;
  oldest_ = (oldest_ + 1) % runtimes_.size();
  if (status.equals("timeout")) {
    append_timed_out(text_, duration_ms);
    line.status = Status::kError;
  } else if (status.equals("error")) {
    text_ += " Task failed: ";
    append_quoted(text_, text_or(error_type, "", first_));
    line.status = Status::kError;
  }
}

double RecordReader::runtime_of(std::string_view request_id) const {
  for (const Runtime& runtime : runtimes_) {
    if (runtime.request_id == request_id) return runtime.duration_ms;
  }
  return 0;
}

void RecordReader::report(const sls_record& record, Line& line) {
  Value status, error_type, metrics, duration, billed, memory, used, init;
  pick(view(record.json), {{"status", status}, {"errorType", error_type}, {"metrics", metrics}});
  pick(metrics.raw, {{"durationMs", duration},
                     {"billedDurationMs", billed},
                     {"memorySizeMB", memory},
                     {"maxMemoryUsedMB", used},
                     {"initDurationMs", init}});
  double duration_ms = 0, init_ms = 0;
  std::uint64_t billed_ms = 0, memory_mb = 0, used_mb = 0;
  sls::json::to_double(duration, duration_ms);
  line.duration_ms = duration_ms;
  set_outcome(status, line);
  text_ = "REPORT RequestId: ";
  text_ += line.request_id;
  if (whole(billed, billed_ms) && whole(memory, memory_mb) && whole(used, used_mb)) {
    const double runtime_ms = runtime_of(line.request_id);
    text_ += " Duration: ";
    append_fixed(text_, duration_ms);
    text_ += " ms Runtime Duration: ";
    append_fixed(text_, runtime_ms);
    text_ += " ms Post Runtime Duration: ";
    append_fixed(text_, runtime_ms > 0 ? duration_ms - runtime_ms : 0);
    text_ += " ms Billed Duration: " + std::to_string(billed_ms) + " ms Memory Size: " + std::to_string(memory_mb)
             + " MB Max Memory Used: " + std::to_string(used_mb) + " MB";
    if (sls::json::to_double(init, init_ms)) {
      text_ += " Init Duration: ";
      append_fixed(text_, init_ms);
      text_ += " ms";
    }
    return;
  }
  // A managed instance: there is no END line, so the result stands here.
  text_ += " Runtime Duration: ";
  append_fixed(text_, duration_ms);
  text_ += " ms";
  if (status.equals("timeout")) {
    append_timed_out(text_, duration_ms);
    line.status = Status::kError;
  } else if (status.equals("error")) {
    const std::string_view type = text_or(error_type, "", first_);
    text_ += type.empty() ? " Task failed with an unknown error" : " Task failed: ";
    text_ += type;
    line.status = Status::kError;
  }
}

// …/durable-execution/{execution_name}/{execution_id} in the executionArn of an object record.
void RecordReader::read_execution(std::string_view json, Line& line) {
  constexpr std::string_view kSeparator = "/durable-execution/";
  // by its rarest letter first: most records name no execution
  if (!json.starts_with('{') || json.find("Arn\"") == std::string_view::npos) return;
  Value arn;
  pick(json, {{"executionArn", arn}});
  if (!arn.is_string()) return;
  const std::string_view text = sls::json::text_of(arn, second_);
  const std::size_t at = text.find(kSeparator);
  if (at == std::string_view::npos) return;
  const std::string_view rest = text.substr(at + kSeparator.size());
  const std::size_t slash = rest.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == rest.size()) return;
  line.execution_name = rest.substr(0, slash);
  line.execution_id = rest.substr(slash + 1);
}

}  // namespace logs
