#include "lab/waterfall.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "lab/terminal.hpp"

namespace lab {
namespace {

constexpr std::size_t kBar = 12, kNameColumns = 22, kResourceColumns = 24;
constexpr std::size_t kDepthMax = 16;

using Trace = std::vector<const Span*>;

// "4.5 ms", "12.3 s", "984 d": recorded events are old, and what stands before them is as long.
std::string duration_text(std::int64_t ns) {
  struct Unit {
    double ns;
    const char* name;
  };
  constexpr Unit kUnits[] = {{86400e9, "d"}, {3600e9, "h"}, {60e9, "min"}, {10e9, "s"}};
  const double length = static_cast<double>(ns);
  char out[32];
  for (const Unit& unit : kUnits) {
    if (length < unit.ns) continue;
    const double size = unit.ns == 10e9 ? 1e9 : unit.ns;
    std::snprintf(out, sizeof out, "%.4g %s", length / size, unit.name);
    return out;
  }
  std::snprintf(out, sizeof out, "%.4g ms", 1e-6 * length);
  return out;
}

std::int64_t end_of(const Span& span) { return span.start_ns + span.duration_ns; }

struct Extent {
  std::int64_t begin = 0, end = 0;
  std::int64_t length() const { return end - begin; }
};

Extent extent_of(const Trace& trace) {
  Extent out{trace.front()->start_ns, end_of(*trace.front())};
  for (const Span* span : trace) {
    out.begin = std::min(out.begin, span->start_ns);
    out.end = std::max(out.end, end_of(*span));
  }
  return out;
}

std::string bar(const Span& span, const Extent& extent) {
  const auto column = [&](std::int64_t at) {
    const double share =
        extent.length() > 0 ? static_cast<double>(at - extent.begin) / static_cast<double>(extent.length()) : 0;
    return static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBar);
  };
  const std::size_t first = std::min(column(span.start_ns), kBar - 1), last = std::max(column(end_of(span)), first + 1);
  std::string out;
  for (std::size_t i = 0; i < kBar; ++i) out += i >= first && i < last ? "▇" : "·";
  return out;
}

void draw(const Span& span, const Trace& trace, const Extent& extent, std::size_t depth,
          std::vector<std::string>& out) {
  const std::string indent(2 * (depth + 1), ' ');
  const std::size_t taken = std::min(indent.size(), kNameColumns - 4);
  out.push_back(indent + fitted(span.name, kNameColumns - taken) + " " + fitted(span.resource, kResourceColumns) + " "
                + bar(span, extent) + " " + duration_text(span.duration_ns) + (span.error != 0 ? ", error" : ""));
  if (depth >= kDepthMax) return;
  for (const Span* child : trace)
    if (child->parent_id == span.span_id && child != &span) draw(*child, trace, extent, depth + 1, out);
}

}  // namespace

std::vector<std::string> waterfalls(const std::vector<Span>& spans) {
  std::map<std::uint64_t, Trace> traces;
  for (const Span& span : spans) traces[span.trace_id].push_back(&span);
  std::vector<std::string> out;
  for (auto& [id, trace] : traces) {
    std::stable_sort(trace.begin(), trace.end(),
                     [](const Span* a, const Span* b) { return a->start_ns < b->start_ns; });
    const Extent extent = extent_of(trace);
    out.push_back("▸ trace " + std::to_string(id) + ", " + std::to_string(trace.size())
                  + (trace.size() == 1 ? " span, " : " spans, ") + duration_text(extent.length()));
    for (const Span* span : trace) {
      const bool inside = std::any_of(trace.begin(), trace.end(), [span](const Span* other) {
        return other != span && other->span_id == span->parent_id;
      });
      if (!inside) draw(*span, trace, extent, 0, out);
    }
  }
  return out;
}

}  // namespace lab
