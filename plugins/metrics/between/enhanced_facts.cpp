#include "between/enhanced_facts.hpp"

#include <cstring>
#include <string>

#include "sls/codec/json.hpp"

namespace metrics {
namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

void take_number(Cursor& cursor, double& out) {
  Value value;
  double number = 0;
  if (cursor.take(value) && sls::json::to_double(value, number) && number >= 0) out = number;
}

void read_metrics(Cursor& cursor, PlatformFacts& out) {
  if (cursor.kind() != Kind::kObject) return void(cursor.skip());
  cursor.enter_object();
  Value key;
  while (cursor.next_member(key)) {
    if (key.equals("durationMs"))
      take_number(cursor, out.duration_ms);
    else if (key.equals("billedDurationMs"))
      take_number(cursor, out.billed_ms);
    else if (key.equals("initDurationMs"))
      take_number(cursor, out.init_ms);
    else if (key.equals("memorySizeMB"))
      take_number(cursor, out.memory_mb);
    else if (key.equals("maxMemoryUsedMB"))
      take_number(cursor, out.memory_used_mb);
    else if (key.equals("producedBytes"))
      take_number(cursor, out.produced_bytes);
    else
      cursor.skip();
  }
}

void read_span(Cursor& cursor, PlatformFacts& out) {
  if (cursor.kind() != Kind::kObject) return void(cursor.skip());
  cursor.enter_object();
  Value key, name;
  double duration_ms = kAbsent;
  while (cursor.next_member(key)) {
    if (key.equals("name"))
      cursor.take(name);
    else if (key.equals("durationMs"))
      take_number(cursor, duration_ms);
    else
      cursor.skip();
  }
  if (name.equals("responseLatency")) out.response_latency_ms = duration_ms;
  if (name.equals("responseDuration")) out.response_duration_ms = duration_ms;
}

void read_spans(Cursor& cursor, PlatformFacts& out) {
  if (cursor.kind() != Kind::kArray) return void(cursor.skip());
  cursor.enter_array();
  while (cursor.next_element()) read_span(cursor, out);
}

Ending ending_of(const Value& status) {
  if (!status.is_string()) return Ending::kUnknown;
  if (status.equals("success")) return Ending::kSuccess;
  return status.equals("timeout") ? Ending::kTimeout : Ending::kError;
}

std::string_view init_type_of(const Value& type) {
  if (type.equals("snap-start")) return "SnapStart";
  for (const std::string_view known : {"on-demand", "provisioned-concurrency", "lambda-managed-instances"})
    if (type.equals(known)) return known;
  return {};
}

bool contains(std::string_view text, std::string_view part) {
  return !text.empty() && ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// An integer of three digits that begins with 5.
bool is_server_error(std::string_view response) {
  Cursor cursor(response);
  if (!cursor.enter_object()) return false;
  Value key, status;
  std::int64_t number = 0;
  while (cursor.next_member(key)) {
    if (!key.equals("statusCode"))
      cursor.skip();
    else
      return cursor.take(status) && sls::json::to_int64(status, number) && number >= 500 && number <= 599;
  }
  return false;
}

}  // namespace

void read_platform_record(std::string_view json, PlatformFacts& out) {
  Cursor cursor(json);
  if (!cursor.enter_object()) return;
  Value key, value;
  bool status_is_error = false, type_is_memory = false;
  std::string spare;
  while (cursor.next_member(key)) {
    if (key.equals("metrics")) {
      read_metrics(cursor, out);
    } else if (key.equals("spans")) {
      read_spans(cursor, out);
    } else if (!cursor.take(value)) {
      break;
    } else if (key.equals("status")) {
      out.ending = ending_of(value);
      status_is_error = value.equals("error");
    } else if (key.equals("errorType")) {
      type_is_memory = value.equals("Runtime.OutOfMemory");
    } else if (key.equals("initializationType")) {
      out.init_type = init_type_of(value);
    } else if (key.equals("runtimeVersion")) {
      out.durable = value.is_string() && contains(sls::json::text_of(value, spare), "DurableFunction");
    }
  }
  out.out_of_memory = status_is_error && type_is_memory;
}

bool says_error(sls::Pairs headers, std::string_view response) {
  for (const sls::Pair header : headers) {
    if (header.key.size() < 26) continue;
    if (sls::detail::same_letters(header.key, "x-datadog-invocation-error")
        && sls::detail::same_letters(header.value, "true"))
      return true;
    for (const std::string_view name :
         {"x-datadog-invocation-error-msg", "x-datadog-invocation-error-type", "x-datadog-invocation-error-stack"})
      if (sls::detail::same_letters(header.key, name)) return true;
  }
  return is_server_error(response);
}

// All but one of the texts have "emory" in them, so that most lines are looked through twice and no more.
bool says_out_of_memory(std::string_view line) {
  if (contains(line, "Runtime exited with error: signal: killed")) return true;
  if (!contains(line, "emory")) return false;
  for (const std::string_view text :
       {"fatal error: runtime: out of memory", "java.lang.OutOfMemoryError", "JavaScript heap out of memory",
        "MemoryError", "failed to allocate memory (NoMemoryError)", "OutOfMemoryException"})
    if (contains(line, text)) return true;
  return false;
}

}  // namespace metrics
