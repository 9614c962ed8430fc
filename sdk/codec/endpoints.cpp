#include <sls/codec/endpoints.hpp>

#include <sls/codec/json.hpp>
#include <utility>

namespace sls {

using json::Cursor;
using json::Kind;
using json::Value;

namespace {

constexpr std::string_view kWanted = R"(wanted {"https://HOST": ["API KEY", …], …})";

// The keys of one URL: an array of strings, or a single one. False: something else, or none.
bool take_keys(Cursor& cursor, std::vector<std::string>& out) {
  Value value;
  std::string spare;
  if (cursor.kind() != Kind::kArray) {
    if (!cursor.take(value) || !value.is_string()) return false;
    out.emplace_back(json::text_of(value, spare));
    return !out.back().empty();
  }
  bool ok = true;
  cursor.enter_array();
  while (cursor.next_element()) {
    if (!cursor.take(value)) return false;
    ok = ok && value.is_string() && value.raw.size() > 2;
    if (value.is_string()) out.emplace_back(json::text_of(value, spare));
  }
  return ok && !cursor.failed() && !out.empty();
}

}  // namespace

std::string_view setting_as_json(std::string_view setting, std::string& spare) {
  constexpr std::string_view kBlanks = " \t\r\n";
  if (setting.find_first_not_of(kBlanks) == setting.npos) return {};
  Value whole;
  if (!json::parse(setting, whole)) return setting;
  if (whole.kind == Kind::kNull) return {};
  if (!whole.is_string()) return whole.raw;
  const std::string_view text = json::text_of(whole, spare);
  return text.find_first_not_of(kBlanks) == text.npos ? std::string_view() : text;
}

std::vector<KeyedUrl> read_keyed_urls(std::string_view setting, bool (*usable)(std::string& url),
                                      std::vector<std::string>& findings) {
  std::vector<KeyedUrl> out;
  std::string whole, spare;
  const std::string_view json = setting_as_json(setting, whole);
  if (json.empty()) return out;
  Cursor cursor(json);
  Value name;
  if (!cursor.enter_object()) {
    findings.push_back("found something else, " + std::string(kWanted) + "; there are none");
    return out;
  }
  for (std::size_t number = 1; cursor.next_member(name); ++number) {
    std::string url(json::text_of(name, spare));
    std::vector<std::string> keys;
    const Cursor before = cursor;
    bool ok = take_keys(cursor, keys);
    if (!ok) {
      cursor = before;
      if (!cursor.skip()) break;
    }
    ok = usable(url) && ok;
    if (!ok) {
      findings.push_back("entry " + std::to_string(number) + " is skipped, " + std::string(kWanted));
      continue;
    }
    for (std::string& each : keys) out.push_back({url, std::move(each)});
  }
  if (cursor.failed()) findings.push_back("it is cut off or no JSON, " + std::string(kWanted));
  return out;
}

}  // namespace sls
