// Datadog's own headers, x-datadog-*.
#include <charconv>

#include "propagation.hpp"

namespace traces::invocation {
namespace {

std::optional<int> small_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out < -128 || out > 127) return std::nullopt;
  return out;
}

}  // namespace

std::optional<TraceContext> extract_datadog(const Carrier& carrier) {
  const std::string_view* trace = carrier.find("x-datadog-trace-id");
  if (trace == nullptr) return std::nullopt;
  TraceContext context;
  context.trace_id = decimal_id(*trace).value_or(0);
  if (context.trace_id == 0) return std::nullopt;
  if (const std::string_view* parent = carrier.find("x-datadog-parent-id"))
    context.parent_id = decimal_id(*parent).value_or(0);
  if (const std::string_view* priority = carrier.find("x-datadog-sampling-priority"))
    context.priority = small_number(*priority);
  if (const std::string_view* origin = carrier.find("x-datadog-origin")) context.origin = *origin;
  if (const std::string_view* tags = carrier.find("x-datadog-tags")) add_propagated_tags(context, *tags);
  if (const std::string* high = context.find("_dd.p.tid")) context.trace_id_high = hex_id(*high).value_or(0);
  return context;
}

}  // namespace traces::invocation
