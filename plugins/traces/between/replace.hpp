// Replace rules: what an operator wants replaced in tags, metrics, resources and the attributes of span events.
//
// In the order of the list, each on what the one before left. `*` means every tag and metric whose key does not begin
// with '_', the attributes of events, and the resource; `resource.name` the resource; `env` is never touched. A rule
// that cannot be applied fails closed: what it names leaves as "[withheld: rule NAME]". It knows no JSON of the setting
// (replace_setting reads it). Called by trades for every span, after obfuscation. Facts: datadog-agent,
// pkg/trace/filters/replacer.go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sls/codec/regex.hpp"
#include "sls/codec/regex_replacement.hpp"
#include "span.hpp"

namespace traces {

class ReplaceRules {
 public:
  void add(std::string name, sls::Regex pattern, std::string_view replacement);
  // `name` is what it was meant for, `*` where that is not known.
  void add_unusable(std::string name);

  bool empty() const { return rules_.empty(); }
  void apply(Span& span, Arena& arena);
  // Of statistics that a client made; true: it changed. A status stays what it was unless a number comes out.
  bool apply_to_resource(std::string& resource);
  bool apply_to_status(std::uint32_t& status);

 private:
  enum class Target : std::uint8_t { kEverything, kResource, kNamed };
  struct Rule {
    std::string name;
    Target target;
    sls::Regex pattern;  // empty: it cannot be applied
    sls::Replacement replacement;
    std::string withheld;  // what stands there instead, then
  };
  void push(Rule rule);
  void apply(const Rule& rule, Span& span, Arena& arena);
  void apply_to_metrics(const Rule& rule, Span& span, Arena& arena);
  void apply_to_attribute(const Rule& rule, AttributeValue& value, Arena& arena);
  // False: nothing of the text is meant. Else `out` is what stands there now, a view until the next call.
  bool rewrite(const Rule& rule, std::string_view text, std::string_view& out);
  void rewrite(const Rule& rule, std::string_view& text, Arena& arena);

  std::vector<Rule> rules_;
  std::string spare_;
};

}  // namespace traces
