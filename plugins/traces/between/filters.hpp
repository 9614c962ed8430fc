// Which traces an operator does not want: by the tags of their root (filter_tags, filter_tags_regex), and by its
// resource (ignore_resources).
//
// Every rule stands alone: one that cannot be used is an ERROR and is not applied; so an unusable `require` drops
// nothing. It refuses to look at any span but the root. Called by trades once per chunk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "between/patterns.hpp"
#include "finding.hpp"
#include "sls/codec/regex.hpp"
#include "span.hpp"

namespace traces {

struct FilterSettings {
  Setting require, reject, regex_require, regex_reject, ignore_resources;
};

class Filters {
 public:
  Filters() = default;
  Filters(const FilterSettings& settings, Patterns& patterns, Findings& findings);

  bool ignores(const Span& root) const;
  // It has a tag that is rejected, or lacks one that is required.
  bool rejects(const Span& root) const;

 private:
  // "key", "key:value" or "key:pattern". The keys name, service, resource and type mean the span's fields, too.
  struct Rule {
    std::string key, value;
    sls::Regex pattern;  // empty: the value alone counts
    bool matches(std::string_view text) const {
      return pattern ? pattern.matches(text) : value.empty() || value == text;
    }
    bool matches(const Span& span) const;
  };
  enum class Kind { kLiteral, kRegex };
  static void read(std::vector<Rule>& out, std::string_view option, const Setting& setting, Kind kind,
                   Patterns& patterns, Findings& findings);

  std::vector<Rule> require_, reject_;
  std::vector<sls::Regex> ignored_;
};

}  // namespace traces
