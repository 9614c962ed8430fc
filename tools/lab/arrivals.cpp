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

std::string percentiles(const SketchPoint& sketch) {
  std::string out;
  for (const double q : {0.5, 0.95, 0.99})
    out += ", p" + std::to_string(static_cast<int>(100 * q + 0.5)) + " " + number_text(quantile(sketch, q));
  return out;
}

}  // namespace

std::vector<std::string> arrivals_in(const Received& request) {
  static constexpr const char* kStatus[] = {"ok", "warning", "critical", "unknown"};
  std::vector<std::string> out, behind;  // what the agent measures by itself stands behind what the function sent
  for (const MetricPoint& point : request.series)
    out.push_back("◆ " + point.kind + " " + point.name + " = " + number_text(point.value) + own_tags(point.tags));
  for (const SketchPoint& sketch : request.sketches)
    (sketch.name.rfind("aws.lambda.", 0) == 0 ? behind : out)
        .push_back("◆ distribution " + sketch.name + ": " + std::to_string(sketch.count)
                   + (sketch.count == 1 ? " value" : " values") + percentiles(sketch) + own_tags(sketch.tags));
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
