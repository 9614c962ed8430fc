#include "lambda/event_next.hpp"

#include <utility>

#include "base/text.hpp"
#include "sls/codec/json.hpp"

namespace agent {
namespace {

namespace json = sls::json;
using json::Value;

// The members as they came; Kind::kNone: absent.
struct Members {
  Value event_type, deadline, request_id, function_arn, shutdown_reason, trace_type, trace_value;
};

std::string text(const Value& value) {
  std::string spare, mended;
  return std::string(json::repair_utf8(json::text_of(value, spare), mended));
}

// A whole number above zero, or a text that is one; else 0.
std::int64_t milliseconds(const Value& value) {
  std::int64_t whole = 0;
  double fractional = 0;
  if (value.is_string()) {
    Value inner;
    return json::parse(value.content(), inner) && !inner.is_string() ? milliseconds(inner) : 0;
  }
  if (json::to_int64(value, whole)) return whole > 0 ? whole : 0;
  constexpr double kExactMax = 9007199254740992;  // 2^53
  if (json::to_double(value, fractional) && fractional >= 1 && fractional <= kExactMax) {
    return static_cast<std::int64_t>(fractional);
  }
  return 0;
}

void read_tracing(const Value& tracing, Members& out) {
  if (tracing.kind != json::Kind::kObject) return;
  json::Cursor cursor(tracing.raw);
  cursor.enter_object();
  Value key, value;
  while (cursor.next_member(key) && cursor.take(value)) {
    if (key.equals("type")) out.trace_type = value;
    if (key.equals("value")) out.trace_value = value;
  }
}

bool read_members(std::string_view body, Members& out) {
  Value whole;
  if (!json::parse(body, whole) || whole.kind != json::Kind::kObject) return false;
  json::Cursor cursor(whole.raw);
  cursor.enter_object();
  Value key, value;
  while (cursor.next_member(key) && cursor.take(value)) {
    if (key.equals("eventType")) out.event_type = value;
    if (key.equals("deadlineMs")) out.deadline = value;
    if (key.equals("requestId")) out.request_id = value;
    if (key.equals("invokedFunctionArn")) out.function_arn = value;
    if (key.equals("shutdownReason")) out.shutdown_reason = value;
    if (key.equals("tracing")) read_tracing(value, out);
  }
  return true;
}

Error nonsense(std::string text) { return {ErrorCode::kProtocol, std::move(text)}; }

Error lacks(std::string_view member, std::string_view wanted) {
  return nonsense(cat("the answer of /next is an INVOKE without a usable ", member, "; wanted is ", wanted));
}

Result<NextEvent> invoke(const Members& members) {
  NextEvent out;
  out.kind = NextEvent::Kind::kInvoke;
  out.deadline_ms = milliseconds(members.deadline);
  out.request_id = text(members.request_id);
  out.function_arn = text(members.function_arn);
  out.trace_type = text(members.trace_type);
  out.trace_value = text(members.trace_value);
  if (out.request_id.empty()) return lacks("requestId", "a text");
  if (out.deadline_ms == 0) return lacks("deadlineMs", "a number of milliseconds");
  if (out.function_arn.empty()) return lacks("invokedFunctionArn", "a text");
  return out;
}

NextEvent shutdown(const Members& members) {
  NextEvent out;
  out.kind = NextEvent::Kind::kShutdown;
  out.deadline_ms = milliseconds(members.deadline);
  out.shutdown_reason = text(members.shutdown_reason);
  return out;
}

}  // namespace

Result<NextEvent> parse_next_event(std::string_view body) {
  Members members;
  if (!read_members(body, members)) {
    return nonsense(cat("the answer of /next (", body.size(), " bytes) is no JSON object"));
  }
  if (members.event_type.equals("INVOKE")) return invoke(members);
  if (members.event_type.equals("SHUTDOWN")) return shutdown(members);
  constexpr std::size_t kShownBytesMax = 60;
  const std::string_view found = members.event_type.raw.substr(0, kShownBytesMax);
  return nonsense(cat("the answer of /next has ", found.empty() ? "no eventType" : "the eventType ", found,
                      "; wanted is \"INVOKE\" or \"SHUTDOWN\""));
}

}  // namespace agent
