#include "lab/arrivals.hpp"

#include <algorithm>
#include <cstdio>

#include "lab/sketch_quantile.hpp"

namespace lab {
namespace {

std::string number_text(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.6g", value);
  return out;
}

// The tags that the function gave: those of the sandbox stand on everything.
std::string own_tags(const std::vector<std::string>& tags) {
  static constexpr const char* kSandbox[] = {"region",   "account_id",      "aws_account",         "functionname",
                                             "resource", "executedversion", "function_arn",        "env",
                                             "version",  "service",         "init_type",           "memorysize",
                                             "runtime",  "architecture",    "dd_extension_version"};
  std::string out;
  for (const std::string& tag : tags) {
    const std::string key = tag.substr(0, tag.find(':'));
    if (std::find(std::begin(kSandbox), std::end(kSandbox), key) == std::end(kSandbox)) out += " " + tag;
  }
  return out;
}

// Short, so that it fits into half a terminal.
std::string distribution(const SketchPoint& sketch) {
  std::string out = "◆ " + sketch.name;
  if (sketch.count == 1) return out + " " + number_text(sketch.sum) + own_tags(sketch.tags);
  for (const double q : {0.5, 0.95, 0.99}) {
    char text[32];
    std::snprintf(text, sizeof text, " p%d %.3g", static_cast<int>(100 * q + 0.5), quantile(sketch, q));
    out += text;
  }
  return out + " of " + std::to_string(sketch.count) + own_tags(sketch.tags);
}

constexpr std::string_view kEnhanced = "aws.lambda.enhanced.";

// What the agent measures by itself is much of the same: several to a line, without the tags.
void add_enhanced(std::vector<std::string>& lines, const SketchPoint& sketch) {
  constexpr std::size_t kLineBytes = 60;  // two more than columns: the mark has three
  const std::string text = sketch.name.substr(kEnhanced.size()) + " "
                           + number_text(sketch.count == 0 ? 0 : sketch.sum / static_cast<double>(sketch.count))
                           + (sketch.count == 1 ? "" : " on average of " + std::to_string(sketch.count));
  if (!lines.empty() && lines.back().size() + 2 + text.size() <= kLineBytes)
    lines.back() += ", " + text;
  else
    lines.push_back("◆ " + std::string(lines.empty() ? kEnhanced : "  ") + text);
}

}  // namespace

std::vector<std::string> arrivals_in(const Received& request) {
  static constexpr const char* kStatus[] = {"ok", "warning", "critical", "unknown"};
  std::vector<std::string> out, behind;  // what the agent measures by itself stands behind what the function sent
  for (const MetricPoint& point : request.series)
    out.push_back("◆ " + point.kind + " " + point.name + " = " + number_text(point.value) + own_tags(point.tags));
  for (const SketchPoint& sketch : request.sketches)
    if (sketch.name.starts_with(kEnhanced))
      add_enhanced(behind, sketch);
    else
      out.push_back(distribution(sketch));
  out.insert(out.end(), behind.begin(), behind.end());
  for (const Event& event : request.events)
    out.push_back("⚑ event (" + event.alert_type + ") " + event.title + ": " + event.text + own_tags(event.tags));
  for (const ServiceCheck& check : request.checks)
    out.push_back("✓ service check " + check.name + ": "
                  + (check.status >= 0 && check.status < 4 ? kStatus[check.status] : "?")
                  + (check.message.empty() ? "" : ", " + check.message) + own_tags(check.tags));
  if (!request.stats.is_null()) out.push_back("▸ trace statistics");
  return out;
}

}  // namespace lab
