#include "between/replace_setting.hpp"

#include <optional>
#include <string>

#include "sls/codec/json.hpp"

namespace traces {
namespace {

using sls::json::Kind;
using sls::json::Value;

constexpr std::string_view kWanted = R"(wanted a map with name, pattern and repl)";

struct Entry {
  std::optional<std::string> name, pattern, repl;
  bool is_empty() const { return !name && !pattern && !repl; }
};

bool same_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

// A string's text, a number's or a truth value's spelling; nothing of what can be neither.
std::optional<std::string> scalar(const Value& value) {
  std::string spare;
  if (value.is_string()) return std::string(sls::json::text_of(value, spare));
  if (value.kind == Kind::kNumber || value.kind == Kind::kTrue || value.kind == Kind::kFalse)
    return std::string(value.raw);
  return std::nullopt;
}

Entry read_entry(const Value& element) {
  Entry out;
  sls::json::Cursor cursor(element.raw);
  Value key, value;
  std::string spare;
  if (element.kind != Kind::kObject || !cursor.enter_object()) return out;
  while (cursor.next_member(key) && cursor.take(value)) {
    const std::string_view name = sls::json::text_of(key, spare);
    if (same_but_for_case(name, "name")) out.name = scalar(value);
    if (same_but_for_case(name, "pattern")) out.pattern = scalar(value);
    if (same_but_for_case(name, "repl")) out.repl = scalar(value);
  }
  return out;
}

// The array in a value; false: there is none.
bool find_array(std::string_view value, std::string& unquoted, Value& array) {
  if (!sls::json::parse(value, array)) return false;
  if (array.is_string()) {
    std::string spare;
    unquoted = sls::json::text_of(array, spare);
    if (!sls::json::parse(unquoted, array)) return false;
  }
  return array.kind == Kind::kArray;
}

class Reader {
 public:
  Reader(const Setting& setting, Patterns& patterns, Findings& findings)
      : setting_(setting), patterns_(patterns), findings_(findings) {}

  void add(std::size_t index, const Value& element) {
    const Entry entry = read_entry(element);
    const std::string place = "replace_tags (" + std::string(setting_.origin) + "): rule " + std::to_string(index + 1);
    const std::string found = ": found " + std::string(element.raw.substr(0, 200)) + ", ";
    if (entry.is_empty()) {  // it names nothing that could be hidden
      findings_.error(place + found + std::string(kWanted) + "; it is skipped");
      return;
    }
    const std::string name = entry.name && !entry.name->empty() ? *entry.name : "*";
    if (name == "env") {
      findings_.warn(place + " is for env, which is never changed; it has no effect");
      return;
    }
    std::string error = "there is none";
    sls::Regex pattern;
    if (entry.pattern && !entry.pattern->empty()) pattern = patterns_.compile(*entry.pattern, error);
    if (pattern && entry.name && !entry.name->empty())
      return out_.add(name, std::move(pattern), entry.repl.value_or(""));
    withhold(name,
             place + found + std::string(kWanted) + (pattern ? "" : ", and a pattern that can be used: " + error));
  }
  void withhold(const std::string& name, const std::string& sentence) {
    findings_.error(sentence + "; " + (name == "*" ? "every tag and resource" : "\"" + name + "\"")
                    + " is shipped as [withheld: rule " + name + "]");
    out_.add_unusable(name);
  }
  ReplaceRules take() { return std::move(out_); }

 private:
  const Setting& setting_;
  Patterns& patterns_;
  Findings& findings_;
  ReplaceRules out_;
};

}  // namespace

ReplaceRules read_replace_rules(const Setting& setting, std::string_view unreadable, Patterns& patterns,
                                Findings& findings) {
  Reader reader(setting, patterns, findings);
  if (!unreadable.empty()) reader.withhold("*", "replace_tags cannot be read: " + std::string(unreadable));
  if (is_blank(setting.value) || setting.value == "null") return reader.take();
  std::string unquoted;
  Value array, element;
  if (!find_array(setting.value, unquoted, array)) {
    reader.withhold("*", "replace_tags (" + std::string(setting.origin)
                             + "): found no list of rules and no JSON array of them, wanted "
                               R"([{"name": …, "pattern": …, "repl": …}])");
    return reader.take();
  }
  sls::json::Cursor cursor(array.raw);
  if (!cursor.enter_array()) return reader.take();
  for (std::size_t i = 0; cursor.next_element() && cursor.take(element); ++i) reader.add(i, element);
  return reader.take();
}

}  // namespace traces
