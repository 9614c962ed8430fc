// Log to metric: a line of the function that a rule matches becomes a sample, which the metrics plugin ships.
//
//   plugins:
//     acme-log-metric:
//       rules:
//         - name: shop.payment.refused            # the metric
//           match: payment of order \S+ was refused
//         - name: shop.render.time
//           match: 'rendered (\w+) in ([0-9.]+) ms'
//           type: distribution                    # count (when nothing is said), gauge, distribution
//           value: $2                             # a number; a count's is 1 when nothing is said
//           tags: {page: $1}
//
// Stage CONSUME: it sees the lines as plugins of stage EDIT have left them, dropped ones too. A rule that cannot be
// used costs itself and one ERROR. It keeps no lines and ships nothing itself.
#include <sls/codec/json.hpp>
#include <sls/codec/regex.hpp>
#include <sls/codec/regex_replacement.hpp>
#include <sls/options.hpp>
#include <sls/plugin.hpp>

#include <charconv>
#include <cmath>

namespace {

struct Options {
  sls::Json rules;

  static constexpr auto rows() {
    return sls::rows(sls::row<&Options::rules>(
        "rules", {.about = "Rules with name, match, type, value and tags; each turns lines into samples."}));
  }
};

struct Written {
  std::string name, match, type = "count", value;
  std::vector<std::pair<std::string, std::string>> tags;
};

struct Rule {
  std::string name;
  sls::SampleType type = sls::count;
  sls::Regex regex;
  std::string value_text;  // empty: 1
  sls::Replacement value;
  std::vector<std::string> tag_keys;
  std::vector<sls::Replacement> tag_values;
};

std::string text_of(const sls::json::Value& value) {
  std::string spare;
  return value.is_string() ? std::string(sls::json::text_of(value, spare)) : std::string(value.raw);
}

Written read_rule(const sls::json::Value& from) {
  Written out;
  sls::json::Value key, member, tag, text;
  sls::json::Cursor cursor(from.raw);
  if (!cursor.enter_object()) return out;
  while (cursor.next_member(key) && cursor.take(member)) {
    if (key.equals("name")) out.name = text_of(member);
    if (key.equals("match")) out.match = text_of(member);
    if (key.equals("type")) out.type = text_of(member);
    if (key.equals("value")) out.value = text_of(member);
    if (!key.equals("tags")) continue;
    sls::json::Cursor tags(member.raw);
    if (!tags.enter_object()) continue;
    while (tags.next_member(tag) && tags.take(text)) out.tags.emplace_back(text_of(tag), text_of(text));
  }
  return out;
}

class LogMetric {
 public:
  LogMetric(sls::Host host, const sls::Sandbox& sandbox)
      : host_(host), matched_(host.counter("lines_matched")), no_number_(host.counter("values_without_number")) {
    auto [options, findings] = sls::read_options<Options>(sandbox);
    for (const std::string& finding : findings) host.warn(finding);
    sls::json::Value rule;
    sls::json::Cursor cursor(options.rules.text);
    if (options.rules.text.empty()) return;
    if (!cursor.enter_array()) {
      host.error("rules (", sandbox.origin("rules"), "): wanted a list of rules");
      return;
    }
    for (int number = 1; cursor.next_element() && cursor.take(rule); ++number) {
      const Written written = read_rule(rule);
      const std::string problem = add(written);
      if (!problem.empty()) host.error("rule ", number, " ('", written.name, "') is left out: ", problem);
    }
  }

  void on_telemetry(sls::Telemetry batch) {
    for (const sls::Record record : batch.of_kind(sls::RecordKind::function))
      for (const Rule& rule : rules_) apply(rule, record.text(), record.time_ns());
  }

 private:
  std::string add(const Written& from) {
    if (from.name.empty() || from.match.empty()) return "wanted name and match";
    Rule rule;
    rule.name = from.name;
    if (from.type == "gauge")
      rule.type = sls::gauge;
    else if (from.type == "distribution")
      rule.type = sls::distribution;
    else if (from.type != "count")
      return "found the type '" + from.type + "', wanted count, gauge or distribution";
    if (from.value.empty() && rule.type != sls::count) return "wanted a value";
    std::string error;
    const sls::RegexEngine* const engine = sls::open_regex_engine(error);
    // Around the match stands everything, so that what a replacement gives is the value alone.
    if (engine != nullptr) rule.regex = sls::Regex::compile(*engine, "(?s:^.*?(?:" + from.match + ").*$)", error);
    if (!rule.regex) return error;
    rule.value_text = from.value;
    rule.value = sls::Replacement(from.value, rule.regex);
    for (const auto& [key, text] : from.tags) {
      rule.tag_keys.push_back(key);
      rule.tag_values.emplace_back(text, rule.regex);
    }
    rules_.push_back(std::move(rule));
    return {};
  }

  void apply(const Rule& rule, std::string_view line, std::int64_t time_ns) {
    std::string text;
    double value = 1;
    if (!rule.value.replace_all(rule.regex, line, text)) return;
    matched_.add();
    if (!rule.value_text.empty()) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return no_number_.add();
    }
    std::vector<std::string> texts(rule.tag_keys.size());
    std::vector<sls_pair> tags;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      rule.tag_values[i].replace_all(rule.regex, line, texts[i]);
      tags.push_back({sls::str(rule.tag_keys[i]), sls::str(texts[i])});
    }
    host_.sample({rule.name, rule.type, value, time_ns, sls::Pairs(std::span<const sls_pair>(tags))});
  }

  sls::Host host_;
  sls::Counter matched_, no_number_;
  std::vector<Rule> rules_;
};

}  // namespace

SLS_PLUGIN_WITH(LogMetric, {.id = "acme-log-metric",
                            .version = "1.0.0",
                            .about = "Turns lines that rules match into metrics.",
                            .options = sls::option_table<Options>()});
