// The mapper: names with variable parts become one name with tags.
//
// The first profile whose prefix a name has is asked, its mappings in their order; the first that matches wins, and
// without one the name stays. Answers are kept in a table of bounded size, where a new one takes the place of another.
// It refuses to read settings (mapper_setting) and knows no metric but its name. Called by enrich, for each context
// that was not seen before.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "between/wildcard.hpp"
#include "sls/codec/regex.hpp"
#include "sls/codec/regex_replacement.hpp"

namespace metrics {

class Mapping {
 public:
  using Tags = std::vector<std::pair<std::string, std::string>>;

  // Keys and texts may hold $1.
  Mapping(Wildcard wildcard, std::string_view name, const Tags& tags);
  // The pattern matches whole names.
  Mapping(sls::Regex regex, std::string_view name, const Tags& tags);

  // `tags` are joined by commas. False: it does not match, the texts are not to be used.
  bool apply(std::string_view from, std::string& name, std::string& tags) const;

 private:
  struct ByWildcard {
    Wildcard pattern;
    GroupText name;
    std::vector<GroupText> tags;
  };
  struct ByRegex {
    sls::Regex pattern;
    sls::Replacement name;
    std::vector<sls::Replacement> tags;
  };
  std::variant<ByWildcard, ByRegex> way_;
  std::vector<std::string> keys_;
};

struct MapperProfile {
  std::string prefix;  // "*": every name
  std::vector<Mapping> mappings;
};

class Mapper {
 public:
  static constexpr std::size_t kCachedNameBytesMax = 512;  // a longer answer is made anew each time

  Mapper() = default;
  // `cached`: how many answers are kept.
  Mapper(std::vector<MapperProfile> profiles, std::size_t cached);

  bool empty() const { return profiles_.empty(); }
  // False: the name stays. The views live until the next call.
  bool map(std::string_view name, std::string_view& mapped, std::string_view& tags);

 private:
  struct Answer {
    bool known = false, matched = false;
    std::string from, name, tags;
  };
  bool ask(std::string_view name, Answer& out) const;

  std::vector<MapperProfile> profiles_;
  std::vector<Answer> answers_;
  Answer spare_;
};

}  // namespace metrics
