#include "propagation.hpp"

#include "letters.hpp"

namespace traces::invocation {
namespace {

constexpr std::string_view kBaggagePrefix = "ot-baggage-";
constexpr std::size_t kBaggageBytesMax = 8 << 10;  // W3C's limit; what goes beyond is left out

std::optional<TraceContext> extract_by(Style style, const Carrier& carrier) {
  switch (style) {
    case Style::kDatadog: return extract_datadog(carrier);
    case Style::kTraceContext: return extract_w3c(carrier);
    case Style::kB3Multi: return extract_b3_multi(carrier);
    case Style::kB3: return extract_b3(carrier);
  }
  return std::nullopt;
}

// Of a later style with the same trace: W3C's knows the last span before this one, whoever made it.
void refine(TraceContext& context, const TraceContext& w3c) {
  const bool same = context.trace_id == w3c.trace_id && context.trace_id_high == w3c.trace_id_high;
  if (!same) return;
  if (const std::string* state = w3c.find("tracestate")) context.set("tracestate", *state);
  if (context.parent_id == w3c.parent_id) return;
  const std::string* parent = w3c.find("_dd.parent_id");
  context.set("_dd.parent_id", parent != nullptr ? *parent : hex16(context.parent_id));
  context.parent_id = w3c.parent_id;
}

// Names that Datadog's tags have are not the caller's to give.
void add_baggage(TraceContext& context, const Carrier& carrier) {
  std::size_t room = kBaggageBytesMax;
  for (const auto& [name, value] : carrier.entries()) {
    if (!same_letters(name.substr(0, kBaggagePrefix.size()), kBaggagePrefix)) continue;
    std::string key(name.substr(kBaggagePrefix.size()));
    for (char& c : key) c = lower(c);
    if (key.empty() || key.starts_with("_dd.") || key.size() + value.size() > room) continue;
    room -= key.size() + value.size();
    context.set(key, value);
  }
}

// The tag that tells the high half says what the id says, whatever a tracestate or somebody's baggage had in its place.
void tell_high_half(TraceContext& context) {
  const std::string* told = context.find("_dd.p.tid");
  if (told != nullptr && told->size() == 16 && hex_id(*told) == context.trace_id_high) return;
  if (context.trace_id_high != 0)
    context.set("_dd.p.tid", hex16(context.trace_id_high));
  else
    context.erase("_dd.p.tid");
}

}  // namespace

Propagation Propagation::of(const std::vector<std::string>& names, bool first_only, bool opentracing_baggage,
                            std::vector<std::string>& unknown) {
  Propagation out;
  out.opentracing_baggage = opentracing_baggage;
  std::vector<Style> styles;
  bool any_known = false;
  for (const std::string& given : names) {
    const std::string_view name = trimmed(given);
    if (name.empty()) continue;
    const auto add = [&](Style style) { styles.push_back(style), any_known = true; };
    if (same_letters(name, "datadog"))
      add(Style::kDatadog);
    else if (same_letters(name, "tracecontext"))
      add(Style::kTraceContext);
    else if (same_letters(name, "b3multi"))
      add(Style::kB3Multi);
    else if (same_letters(name, "b3"))
      add(Style::kB3);
    else if (same_letters(name, "none") || same_letters(name, "baggage"))
      any_known = true;
    else {
      unknown.emplace_back(name);
      continue;
    }
    if (first_only) break;
  }
  if (any_known) out.styles = std::move(styles);
  if (!any_known && first_only) out.styles.resize(1);
  return out;
}

std::optional<TraceContext> Propagation::extract(const Carrier& carrier) const {
  std::optional<TraceContext> context;
  if (carrier.empty()) return context;
  for (Style style : styles) {
    std::optional<TraceContext> found = extract_by(style, carrier);
    if (!found || found->trace_id == 0) continue;  // the low half is the id of spans
    if (!context)
      context = std::move(found);
    else if (style == Style::kTraceContext)
      refine(*context, *found);
  }
  if (!context) return context;
  if (opentracing_baggage) add_baggage(*context, carrier);
  tell_high_half(*context);
  return context;
}

}  // namespace traces::invocation
