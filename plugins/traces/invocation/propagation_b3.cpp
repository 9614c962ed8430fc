// B3, Zipkin's: in several headers, and in one.
#include "letters.hpp"
#include "propagation.hpp"

namespace traces::invocation {
namespace {

constexpr std::size_t kTraceDigitsMax = 32, kSpanDigitsMax = 16;

// Of 1 to 32 hex digits, not 0.
bool read_trace(TraceContext& context, std::string_view text) {
  if (text.empty() || text.size() > kTraceDigitsMax) return false;
  const std::size_t high = text.size() > 16 ? text.size() - 16 : 0;
  const auto low = hex_id(text.substr(high));
  const auto top = high == 0 ? std::optional<std::uint64_t>(0) : hex_id(text.substr(0, high));
  if (!low || !top || (*low | *top) == 0) return false;
  context.trace_id = *low;
  context.trace_id_high = *top;
  return true;
}

bool read_span(TraceContext& context, std::string_view text) {
  const auto id = text.size() <= kSpanDigitsMax ? hex_id(text) : std::nullopt;
  if (!id) return false;
  context.parent_id = *id;
  return true;
}

std::optional<int> priority_of(std::string_view sampling) {
  if (sampling == "d") return 2;
  if (sampling == "1") return 1;
  if (sampling == "0") return 0;
  return std::nullopt;
}

}  // namespace

std::optional<TraceContext> extract_b3_multi(const Carrier& carrier) {
  const std::string_view* trace = carrier.find("x-b3-traceid");
  TraceContext context;
  if (trace == nullptr || !read_trace(context, trimmed(*trace))) return std::nullopt;
  const std::string_view* span = carrier.find("x-b3-spanid");
  if (span != nullptr && !read_span(context, trimmed(*span))) return std::nullopt;
  const std::string_view* flags = carrier.find("x-b3-flags");
  const std::string_view* sampled = carrier.find("x-b3-sampled");
  if (flags != nullptr && trimmed(*flags) == "1")
    context.priority = 2;
  else if (sampled != nullptr && trimmed(*sampled) != "d")
    context.priority = priority_of(trimmed(*sampled));
  return context;
}

// TRACE-SPAN[-SAMPLING[-PARENT]]; a sampling flag alone says nothing of a trace.
std::optional<TraceContext> extract_b3(const Carrier& carrier) {
  const std::string_view* header = carrier.find("b3");
  if (header == nullptr) return std::nullopt;
  const std::string_view text = trimmed(*header);
  TraceContext context;
  if (text.find('-') == std::string_view::npos || !read_trace(context, part(text, '-', 0))) return std::nullopt;
  if (!read_span(context, part(text, '-', 1))) return std::nullopt;
  context.priority = priority_of(part(text, '-', 2));
  return context;
}

}  // namespace traces::invocation
