#include "between/mapper_setting.hpp"

#include "sls/codec/json.hpp"

namespace metrics {

namespace {

using sls::json::Cursor;
using sls::json::Value;

struct Written {
  std::string match, match_type = "wildcard", name;
  Mapping::Tags tags;
};

// The text of a string, the spelling of a number or a truth value.
std::string text_of(const Value& value) {
  if (!value.is_string()) return std::string(value.raw);
  std::string spare;
  return std::string(sls::json::text_of(value, spare));
}

std::string quoted(std::string_view text) { return "'" + std::string(text.substr(0, 120)) + "'"; }

class Reader {
 public:
  Reader(const OpenEngine& open_engine, std::vector<std::string>& findings)
      : open_engine_(open_engine), findings_(findings) {}

  std::vector<MapperProfile> read(std::string_view setting) {
    std::vector<MapperProfile> out;
    Value list;
    std::string unquoted;
    bool usable = sls::json::parse(setting, list);
    if (usable && list.is_string()) {
      unquoted = text_of(list);
      usable = sls::json::parse(unquoted, list);
    }
    Cursor cursor(list.raw);
    if (!usable || !cursor.enter_array()) {
      say("found something else, wanted a list of profiles with name, prefix and mappings; there are none");
      return out;
    }
    Value profile;
    while (cursor.next_element() && cursor.take(profile)) {
      ++profile_number_;
      read_profile(profile, out);
    }
    return out;
  }

 private:
  void say(const std::string& what) { findings_.push_back("dogstatsd_mapper_profiles: " + what); }
  void say_of_mapping(const Written& mapping, const std::string& what) {
    say("profile " + quoted(profile_name_) + ", mapping " + std::to_string(mapping_number_) + " (match "
        + quoted(mapping.match) + "): " + what + "; it is left out");
  }

  void read_profile(const Value& value, std::vector<MapperProfile>& out) {
    MapperProfile profile;
    Value key, member, mappings;
    profile_name_.clear();
    Cursor cursor(value.raw);
    if (!cursor.enter_object()) return say("profile " + std::to_string(profile_number_) + " is no map; it is left out");
    while (cursor.next_member(key) && cursor.take(member)) {
      if (key.equals("name")) profile_name_ = text_of(member);
      if (key.equals("prefix")) profile.prefix = text_of(member);
      if (key.equals("mappings")) mappings = member;
    }
    if (profile_name_.empty() || profile.prefix.empty())
      return say("profile " + std::to_string(profile_number_) + " has no " + (profile_name_.empty() ? "name" : "prefix")
                 + "; it is left out");
    read_mappings(mappings, profile);
    out.push_back(std::move(profile));
  }

  void read_mappings(const Value& list, MapperProfile& profile) {
    Cursor cursor(list.raw);
    mapping_number_ = 0;
    if (list.raw.empty() || !cursor.enter_array())
      return say("profile " + quoted(profile_name_) + " has no list of mappings; names with its prefix stay");
    Value value;
    while (cursor.next_element() && cursor.take(value)) {
      ++mapping_number_;
      Written mapping;
      if (!read_mapping(value, mapping)) {
        say_of_mapping(mapping, "wanted a map with match, match_type, name and tags");
        continue;
      }
      if (++mappings_ > kMappingsMax) {
        if (mappings_ == kMappingsMax + 1)
          say("there are more than " + std::to_string(kMappingsMax) + " mappings; the others are left out");
        continue;
      }
      add(mapping, profile);
    }
  }

  static bool read_mapping(const Value& value, Written& out) {
    Cursor cursor(value.raw);
    if (!cursor.enter_object()) return false;
    Value key, member, tag, text;
    while (cursor.next_member(key) && cursor.take(member)) {
      if (key.equals("match")) out.match = text_of(member);
      if (key.equals("match_type")) out.match_type = text_of(member);
      if (key.equals("name")) out.name = text_of(member);
      if (!key.equals("tags")) continue;
      Cursor tags(member.raw);
      if (!tags.enter_object()) return false;
      while (tags.next_member(tag) && tags.take(text)) out.tags.emplace_back(text_of(tag), text_of(text));
    }
    return true;
  }

  void add(const Written& mapping, MapperProfile& profile) {
    if (mapping.match.empty() || mapping.name.empty())
      return say_of_mapping(mapping, mapping.match.empty() ? "it has no match" : "it has no name");
    const bool by_regex = mapping.match_type == "regex";
    if (!by_regex && mapping.match_type != "wildcard" && !mapping.match_type.empty())
      return say_of_mapping(mapping,
                            "found the match_type " + quoted(mapping.match_type) + ", wanted wildcard or regex");
    if (!by_regex) {
      if (Wildcard::usable(mapping.match))
        profile.mappings.emplace_back(Wildcard(mapping.match), mapping.name, mapping.tags);
      else
        say_of_mapping(mapping, "wanted letters, digits, '-', '_', '.' and '*', no two stars side by side");
      return;
    }
    std::string error;
    const sls::RegexEngine* const engine = open_engine_(error);
    sls::Regex regex;
    if (engine != nullptr)
      regex = sls::Regex::compile(*engine, "^(?:" + mapping.match + ")$", error, kMappingRegexBytesMax);
    if (regex)
      profile.mappings.emplace_back(std::move(regex), mapping.name, mapping.tags);
    else
      say_of_mapping(mapping, error);
  }

  const OpenEngine& open_engine_;
  std::vector<std::string>& findings_;
  std::size_t profile_number_ = 0, mapping_number_ = 0, mappings_ = 0;
  std::string profile_name_;
};

}  // namespace

std::vector<MapperProfile> read_mapper_profiles(std::string_view setting, const OpenEngine& open_engine,
                                                std::vector<std::string>& findings) {
  if (setting.find_first_not_of(" \t\r\n") == setting.npos) return {};
  return Reader(open_engine, findings).read(setting);
}

}  // namespace metrics
