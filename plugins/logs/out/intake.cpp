#include "out/intake.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "sls/codec/endpoints.hpp"
#include "sls/codec/json.hpp"

namespace logs {

namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

constexpr std::string_view kSiteIntake = "https://http-intake.logs.{site}";
constexpr std::string_view kPath = "/api/v2/logs";

struct Further {
  std::string host, port, key;
};

bool named(const Value& key, std::string_view lower) {
  std::string spare;
  const std::string_view text = sls::json::text_of(key, spare);
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

std::string scalar(const Value& value) {
  std::string spare;
  return std::string(value.is_string() ? sls::json::text_of(value, spare) : value.raw);
}

// Nothing: host or key is missing.
std::optional<Intake::Endpoint> read_endpoint(const Value& element) {
  Further further{"", "443", ""};
  Cursor cursor(element.raw);
  if (!cursor.enter_object()) return std::nullopt;
  Value key, value;
  while (cursor.next_member(key) && cursor.take(value)) {
    if (named(key, "host")) further.host = scalar(value);
    if (named(key, "port")) further.port = scalar(value);
    if (named(key, "api_key")) further.key = scalar(value);
  }
  if (further.host.empty() || further.key.empty()) return std::nullopt;
  // A host that is written as a URL says itself how it wants to be spoken to.
  const bool is_url = further.host.find("://") != std::string::npos;
  return Intake::Endpoint{normalised_url(is_url ? further.host : further.host + ":" + further.port), further.key};
}

void add_further(std::string_view setting, Intake& intake, Findings& findings) {
  constexpr std::string_view kWanted = "wanted a list of maps with api_key, Host and Port";
  std::string spare;
  const std::string_view json = sls::setting_as_json(setting, spare);
  if (json.empty()) return;
  Value list;
  const bool usable = sls::json::parse(json, list);
  Cursor cursor(list.raw);
  if (!usable || !cursor.enter_array()) {
    findings.error("additional_endpoints: found something else, " + std::string(kWanted) + "; there are none");
    return;
  }
  Value element;
  for (std::size_t i = 1; cursor.next_element() && cursor.take(element); ++i) {
    if (auto endpoint = read_endpoint(element)) {
      intake.endpoints.push_back(std::move(*endpoint));
    } else {
      findings.error("additional_endpoints: entry " + std::to_string(i) + " is skipped, " + std::string(kWanted));
    }
  }
}

}  // namespace

std::string normalised_url(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
  while (text.ends_with('/')) text.remove_suffix(1);
  const bool has_scheme = text.starts_with("https://") || text.starts_with("http://");
  return (has_scheme || text.empty() ? "" : "https://") + std::string(text);
}

Intake make_intake(const Options& options, Findings& findings) {
  Intake intake;
  intake.path = kPath;
  intake.compress = options.use_compression;
  intake.level = options.compression_level;
  const std::string url = normalised_url(options.logs_dd_url);
  intake.endpoints.push_back({url.empty() ? std::string(kSiteIntake) : url, ""});
  add_further(options.additional_endpoints.text, intake, findings);
  if (!options.worker_enabled) return intake;

  // What is meant for a worker is not sent past it: without a URL it goes nowhere.
  if (options.worker_url.empty()) {
    findings.error("observability_pipelines_worker_url is empty, but the worker is enabled: no logs can be sent");
  }
  intake.endpoints[0].url = options.worker_url;
  for (std::size_t i = 1; i < intake.endpoints.size(); ++i) intake.endpoints[i].url += kPath;
  intake.path.clear();
  intake.compress = false;
  intake.agent_protocol = false;
  return intake;
}

}  // namespace logs
