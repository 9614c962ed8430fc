#include "out/endpoints.hpp"

#include "sls/codec/json.hpp"

namespace traces {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

namespace {

constexpr std::string_view kWanted = R"(wanted {"https://HOST": ["API KEY", …], …})";

// The keys of one endpoint: an array of strings, or a single one. False: something else, or none.
bool take_keys(Cursor& cursor, std::vector<std::string>& out) {
  Value value;
  std::string spare;
  if (cursor.kind() != Kind::kArray) {
    if (!cursor.take(value) || !value.is_string()) return false;
    out.emplace_back(sls::json::text_of(value, spare));
    return !out.back().empty();
  }
  bool ok = true;
  cursor.enter_array();
  while (cursor.next_element()) {
    if (!cursor.take(value)) return false;
    ok = ok && value.is_string() && value.raw.size() > 2;
    if (value.is_string()) out.emplace_back(sls::json::text_of(value, spare));
  }
  return ok && !cursor.failed() && !out.empty();
}

}  // namespace

bool usable_url(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  const std::string_view text = url;
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return false;
  const std::string_view rest = text.substr(tls ? 8 : 7);
  return !rest.empty() && rest[0] != '/' && rest.find_first_of(" \t\r\n?#@") == rest.npos;
}

std::vector<Destination> further_destinations(std::string_view json, std::vector<std::string>& findings) {
  std::vector<Destination> out;
  if (json.empty() || json == "null") return out;
  Cursor cursor(json);
  Value key;
  if (!cursor.enter_object()) {
    findings.push_back("found something else, " + std::string(kWanted) + "; there are none");
    return out;
  }
  for (std::size_t number = 1; cursor.next_member(key); ++number) {
    std::string spare;
    std::string url(sls::json::text_of(key, spare));
    std::vector<std::string> keys;
    const Cursor before = cursor;
    bool ok = take_keys(cursor, keys);
    if (!ok) {
      cursor = before;
      if (!cursor.skip()) break;
    }
    ok = usable_url(url) && ok;
    if (!ok) {
      findings.push_back("entry " + std::to_string(number) + " is skipped, " + std::string(kWanted));
      continue;
    }
    for (std::string& each : keys) out.push_back({url, std::move(each)});
  }
  if (cursor.failed()) findings.push_back("it is cut off or no JSON, " + std::string(kWanted));
  return out;
}

}  // namespace traces
