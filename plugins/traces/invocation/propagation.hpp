// Reads the context of the caller's trace out of a carrier: headers of Datadog, W3C and B3, in the styles and the order
// that the operator wants.
//
// The first style that finds a context has it; what later ones add is as the official tracers do it. Whatever the texts
// are, it answers; a header that cannot be read is as if it were not there, where its format does not say otherwise. It
// refuses to know where carriers come from: that is context_sources'. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "carriers.hpp"
#include "trace_context.hpp"

namespace traces::invocation {

enum class Style : std::uint8_t { kDatadog, kTraceContext, kB3Multi, kB3 };

struct Propagation {
  std::vector<Style> styles = {Style::kDatadog, Style::kTraceContext};  // in the order in which they are tried
  bool opentracing_baggage = false;                                     // ot-baggage-* become tags

  // `names`: of DD_TRACE_PROPAGATION_STYLE_EXTRACT, else of DD_TRACE_PROPAGATION_STYLE; empty: the default. `none` and
  // `baggage` extract nothing; unknown names are appended to `unknown`. A list that holds none that is known is the
  // default. `first_only`: the list ends after its first name, whichever that is.
  static Propagation of(const std::vector<std::string>& names, bool first_only, bool opentracing_baggage,
                        std::vector<std::string>& unknown);

  std::optional<TraceContext> extract(const Carrier& carrier) const;
};

// The formats; none: their headers are not there or not usable.
std::optional<TraceContext> extract_datadog(const Carrier& carrier);
std::optional<TraceContext> extract_w3c(const Carrier& carrier);  // traceparent and tracestate
std::optional<TraceContext> extract_b3_multi(const Carrier& carrier);
std::optional<TraceContext> extract_b3(const Carrier& carrier);  // in one header

}  // namespace traces::invocation
