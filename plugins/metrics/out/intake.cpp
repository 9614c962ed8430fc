#include "out/intake.hpp"

#include "sls/codec/json.hpp"

namespace metrics {

namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

constexpr std::string_view kWanted = "wanted a map of URL to a list of API keys";

std::string text_of(const Value& value) {
  std::string spare;
  return std::string(sls::json::text_of(value, spare));
}

// One key, or a list of them. False: something else.
bool read_keys(const Value& value, std::vector<std::string>& out) {
  if (value.is_string()) return out.push_back(text_of(value)), true;
  Cursor cursor(value.raw);
  if (!cursor.enter_array()) return false;
  Value key;
  while (cursor.next_element() && cursor.take(key)) {
    if (!key.is_string()) return false;
    out.push_back(text_of(key));
  }
  return !cursor.failed();
}

}  // namespace

bool usable_url(std::string& url) {
  while (url.ends_with('/')) url.pop_back();
  const std::string_view text = url;
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return false;
  const std::string_view host = text.substr(tls ? 8 : 7);
  constexpr std::string_view kHostBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-[]{}";
  return !host.empty() && host.find_first_not_of(kHostBytes) == host.npos;
}

std::vector<IntakeAddress> read_additional(std::string_view setting, std::vector<std::string>& findings) {
  std::vector<IntakeAddress> out;
  if (setting.find_first_not_of(" \t\r\n") == setting.npos) return out;
  std::string unquoted;
  Value map, key, value;
  bool usable = sls::json::parse(setting, map);
  if (usable && map.is_string()) {
    unquoted = text_of(map);
    usable = sls::json::parse(unquoted, map);
  }
  Cursor cursor(map.raw);
  if (!usable || !cursor.enter_object()) {
    findings.push_back("additional_endpoints: found something else, " + std::string(kWanted) + "; there are none");
    return out;
  }
  while (cursor.next_member(key) && cursor.take(value)) {
    std::string url = text_of(key);
    const std::string shown = url.find('@') == url.npos ? url.substr(0, 80) : "(hidden)";
    std::vector<std::string> keys;
    if (!usable_url(url) || !read_keys(value, keys)) {
      findings.push_back("additional_endpoints: the entry '" + shown + "' is skipped, " + std::string(kWanted)
                         + ", as https://app.datadoghq.eu");
      continue;
    }
    for (std::string& each : keys)
      if (!each.empty()) out.push_back({url, std::move(each)});
  }
  return out;
}

}  // namespace metrics
