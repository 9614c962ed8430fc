// W3C Trace Context: traceparent, and tracestate with its member of Datadog, dd.
#include <algorithm>
#include <charconv>

#include "letters.hpp"
#include "propagation.hpp"

namespace traces::invocation {
namespace {

constexpr std::size_t kMembersMax = 32;      // W3C, tracestate: what is more does not count
constexpr std::size_t kTextBytesMax = 256;   // of a member's key, and of its value
constexpr std::size_t kSystemBytesMax = 14;  // of a key behind its @
constexpr std::string_view kPropagated = "_dd.p.";

bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
bool all_lower_hex(std::string_view text) { return std::all_of(text.begin(), text.end(), is_lower_hex); }

// VV-TRACE(32)-SPAN(16)-FF and, from version 01 on, more behind another dash.
std::optional<TraceContext> read_traceparent(std::string_view text) {
  constexpr std::size_t kLength = 55;
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  const std::string_view version = text.substr(0, 2), high = text.substr(3, 16), low = text.substr(19, 16),
                         span = text.substr(36, 16), flags = text.substr(53, 2), rest = text.substr(kLength);
  for (std::string_view part : {version, high, low, span, flags})
    if (!all_lower_hex(part)) return std::nullopt;
  if (version == "ff" || (!rest.empty() && rest.front() != '-')) return std::nullopt;
  const std::uint64_t flag_bits = *hex_id(flags);
  if (version == "00" && (!rest.empty() || flag_bits > 2)) return std::nullopt;
  TraceContext context;
  context.trace_id_high = *hex_id(high);
  context.trace_id = *hex_id(low);
  context.parent_id = *hex_id(span);
  if ((context.trace_id | context.trace_id_high) == 0 || context.parent_id == 0) return std::nullopt;
  context.priority = static_cast<int>(flag_bits & 1);
  context.set("traceparent", text);
  return context;
}

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || is_digit(c); }

bool usable_key(std::string_view key) {
  if (key.empty() || key.size() > kTextBytesMax || !is_plain(key.front())) return false;
  const std::size_t at = key.find('@');
  if (at != std::string_view::npos) {
    const std::string_view system = key.substr(at + 1);
    if (system.empty() || system.size() > kSystemBytesMax || !is_plain(system.front())) return false;
    if (system.find('@') != std::string_view::npos) return false;
  }
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return is_plain(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@'; });
}

// The member dd; empty: none. One unusable member makes the whole header so.
std::optional<std::string_view> datadog_member(std::string_view state) {
  std::string_view out;
  for (std::size_t count = 0; !state.empty() && count < kMembersMax; ++count) {
    const std::string_view whole = before_first(state, ','), member = trimmed(whole);
    state.remove_prefix(std::min(state.size(), whole.size() + 1));
    if (member.empty()) continue;
    const std::size_t sign = member.find('=');
    if (sign == std::string_view::npos) return std::nullopt;
    const std::string_view key = member.substr(0, sign), value = member.substr(sign + 1);
    if (!usable_key(key) || value.empty() || value.size() > kTextBytesMax) return std::nullopt;
    if (value.find('=') != std::string_view::npos) return std::nullopt;
    if (key == "dd" && out.empty()) out = value;
  }
  return out;
}

// s (priority), o (origin), p (the last span of a Datadog tracer) and t.NAME (tags).
std::optional<int> read_datadog_member(TraceContext& context, std::string_view member) {
  std::optional<int> priority;
  while (!member.empty()) {
    const std::string_view given = before_first(member, ';'), pair = trimmed(given);
    member.remove_prefix(std::min(member.size(), given.size() + 1));
    const std::size_t colon = pair.find(':');
    if (colon == std::string_view::npos) continue;
    if (std::any_of(pair.begin(), pair.end(), [](char c) { return c < ' ' || c > '~'; })) continue;
    const std::string_view key = pair.substr(0, colon);
    std::string value(pair.substr(colon + 1));
    std::replace(value.begin(), value.end(), '~', '=');  // in a tracestate no value may hold =
    if (key == "s") {
      int number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      const bool whole = error == std::errc() && end == value.data() + value.size();
      if (whole && number >= -128 && number <= 127) priority = number;
    } else if (key == "o") {
      context.origin = value;
    } else if (key == "p") {
      context.set("_dd.parent_id", value);
    } else if (key.starts_with("t.")) {
      context.set(std::string(kPropagated).append(key.substr(2)), value);
    }
  }
  return priority;
}

}  // namespace

std::optional<TraceContext> extract_w3c(const Carrier& carrier) {
  const std::string_view* parent = carrier.find("traceparent");
  if (parent == nullptr) return std::nullopt;
  std::optional<TraceContext> context = read_traceparent(trimmed(*parent));
  const std::string_view* state = carrier.find("tracestate");
  if (!context || state == nullptr) return context;
  const std::optional<std::string_view> member = datadog_member(*state);
  if (!member) return context;
  context->set("tracestate", *state);
  const std::optional<int> priority = read_datadog_member(*context, *member);
  const bool sampled = *context->priority == 1;
  // The flag has the last word: somebody in between may have decided anew.
  if (priority && (*priority > 0) == sampled)
    context->priority = priority;
  else if (sampled)
    context->set("_dd.p.dm", "-0");
  else
    context->erase("_dd.p.dm");
  return context;
}

}  // namespace traces::invocation
