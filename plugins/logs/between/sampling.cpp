#include "between/sampling.hpp"

#include <optional>
#include <utility>

#include "in/setting_list.hpp"

namespace logs {

namespace {

using sls::json::Cursor;
using sls::json::Value;

constexpr std::string_view kWanted = "wanted a list of maps with pattern and rate (0 to 1)";
constexpr double kRounding = 1e-9;

}  // namespace

LogSampling::LogSampling(std::string_view setting, std::string_view origin, OpenEngine open, Findings& findings) {
  if (is_blank(setting)) return;
  const std::string what = "log_sampling (" + std::string(origin) + ") ";
  std::string unquoted, reason;
  std::string_view list;
  if (!find_list(setting, unquoted, list)) {
    findings.error(what + "is something else, " + std::string(kWanted) + "; nothing is sampled");
    return;
  }
  Cursor cursor(list);
  if (!cursor.enter_array()) return;
  const sls::RegexEngine* const engine = open(reason);
  if (engine == nullptr) {
    findings.error(what + "cannot be used: " + reason + "; nothing is sampled");
    return;
  }
  Value element;
  for (std::size_t i = 0; cursor.next_element() && cursor.take(element); ++i) {
    if (add(i, element.raw, *engine, reason)) continue;
    findings.error(what + "entry " + std::to_string(i + 1) + " is skipped: " + reason);
  }
}

bool LogSampling::add(std::size_t index, std::string_view entry, const sls::RegexEngine& engine, std::string& reason) {
  std::optional<std::string> name, pattern;
  Value rate, key, value;
  Cursor cursor(entry);
  if (cursor.enter_object()) {
    std::string spare;
    while (cursor.next_member(key) && cursor.take(value)) {
      const std::string_view member = sls::json::text_of(key, spare);
      if (same_but_for_case(member, "name")) name = scalar(value);
      if (same_but_for_case(member, "pattern")) pattern = scalar(value);
      if (same_but_for_case(member, "rate")) rate = value;
    }
  }
  Rule rule;
  rule.name = name && !name->empty() ? *name : "#" + std::to_string(index + 1);
  if (!pattern || pattern->empty() || !sls::json::to_double(rate, rule.rate) || rule.rate < 0 || rule.rate > 1) {
    reason = kWanted;
    return false;
  }
  rule.regex = sls::Regex::compile(engine, *pattern, reason);
  if (!rule.regex) return false;
  rule.credit = rule.rate > 0 ? 1 - rule.rate : 0;  // the first line is kept
  rules_.push_back(std::move(rule));
  return true;
}

bool LogSampling::keep(Line& line) {
  for (Rule& rule : rules_) {
    if (!rule.regex.matches(line.text)) continue;
    rule.credit += rule.rate;
    if (rule.credit < 1 - kRounding) {
      ++rule.left_out;
      return false;
    }
    rule.credit -= 1;
    line.sampling = {rule.name, rule.rate, rule.left_out + 1};
    rule.left_out = 0;
    return true;
  }
  return true;
}

}  // namespace logs
