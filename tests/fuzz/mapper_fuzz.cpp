// Any bytes as mapper profiles and a name: nothing crashes, an answer is the same when it is asked for again, and what
// a pattern with stars takes is what the regular expression that it stands for takes.
//
// The bytes are cut at zeros: the setting, the name; or, when the setting begins with '/', a pattern with stars behind
// it, a text with groups, the name.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "between/mapper_setting.hpp"
#include "require.hpp"

namespace {

using namespace metrics;

std::string_view cut(std::string_view& rest) {
  const std::size_t zero = std::min(rest.find('\0'), rest.size());
  const std::string_view piece = rest.substr(0, zero);
  rest.remove_prefix(std::min(zero + 1, rest.size()));
  return piece;
}

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

sls::Regex regex_of(std::string_view pattern) {
  std::string text = "^", error;
  for (const char c : pattern) {
    if (c == '*')
      text += "([^.]*)";
    else
      text += c == '.' ? "\\." : std::string(1, c);
  }
  sls::Regex out = sls::Regex::compile(*sls_regex_engine_v1(), text + "$", error);
  REQUIRE(out);
  return out;
}

void check_wildcard(std::string_view pattern, std::string_view text, std::string_view name) {
  if (!Wildcard::usable(pattern) || pattern.size() > 200) return;
  const sls::Regex regex = regex_of(pattern);
  std::string name_by_star, tags_by_star, name_by_regex, tags_by_regex;
  const Mapping::Tags tags = {{"k", std::string(text)}, {"first", "$1"}};
  const bool by_star = Mapping(Wildcard(pattern), text, tags).apply(name, name_by_star, tags_by_star);
  const bool by_regex = Mapping(regex_of(pattern), text, tags).apply(name, name_by_regex, tags_by_regex);
  REQUIRE(by_star == by_regex);
  if (!by_star) return;
  REQUIRE(name_by_star == name_by_regex);
  REQUIRE(tags_by_star == tags_by_regex);
}

void check_profiles(std::string_view setting, std::string_view name) {
  std::vector<std::string> findings;
  Mapper mapper(read_mapper_profiles(setting, engine, findings), 3);
  Mapper forgetful(read_mapper_profiles(setting, engine, findings), 0);
  std::string_view mapped, tags, again, tags_again;
  for (const std::string_view each : {name, std::string_view("other"), name.substr(0, name.size() / 2), name}) {
    const bool hit = mapper.map(each, mapped, tags);
    REQUIRE(hit == forgetful.map(each, again, tags_again));
    REQUIRE(!hit || (mapped == again && tags == tags_again));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view setting = cut(rest);
  if (setting.starts_with('/')) {
    const std::string_view text = cut(rest);
    // Names are UTF-8 and hold no line ends, see in/packet.
    const std::string_view name = rest.substr(0, 300);
    if (std::all_of(name.begin(), name.end(), [](char c) { return c > 0 && c != '\n'; })) {
      check_wildcard(setting.substr(1), text, name);
    }
  } else {
    check_profiles(setting, rest.substr(0, 300));
  }
  return 0;
}
