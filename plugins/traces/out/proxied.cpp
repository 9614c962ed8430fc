#include "out/proxied.hpp"

#include <algorithm>

#include "out/endpoints.hpp"
#include "out/proxied_options.hpp"

namespace traces {
namespace {

using Override = ProxiedRoute::Override;

constexpr std::string_view kSubdomain = "X-Datadog-EVP-Subdomain", kAdditionalTags = "X-Datadog-Additional-Tags",
                           kEvpOrigin = "DD-EVP-ORIGIN", kNeedsAppKey = "X-Datadog-NeedsAppKey",
                           kContentType = "Content-Type";
// Beside the texts: the string of each, and where the allocator keeps its books.
constexpr std::size_t kRequestOverhead = 256, kHeaderOverhead = 96;

// Those of the connection to this agent, those that the host sets, and the one that is set here.
constexpr std::string_view kNotKept[] = {"host",
                                         "content-length",
                                         "connection",
                                         "keep-alive",
                                         "te",
                                         "trailer",
                                         "transfer-encoding",
                                         "upgrade",
                                         "expect",
                                         "proxy-authorization",
                                         "proxy-connection",
                                         "proxy-authenticate",
                                         "content-type",
                                         "dd-api-key",
                                         "dd-application-key",
                                         kAdditionalTags};

// "close, X-Mine" names X-Mine.
bool names(std::string_view connection, std::string_view header) {
  while (!connection.empty()) {
    std::string_view token = connection.substr(0, connection.find(','));
    connection.remove_prefix(std::min(token.size() + 1, connection.size()));
    while (!token.empty() && (token.front() == ' ' || token.front() == '\t')) token.remove_prefix(1);
    while (!token.empty() && (token.back() == ' ' || token.back() == '\t')) token.remove_suffix(1);
    if (sls::detail::same_letters(token, header)) return true;
  }
  return false;
}

bool is_kept(std::string_view header, std::string_view connection) {
  for (const std::string_view each : kNotKept)
    if (sls::detail::same_letters(each, header)) return false;
  return !names(connection, header);
}

// Letters, digits, and those of `others`.
bool holds_only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || others.find(c) != std::string_view::npos;
  });
}

bool is_subdomain(std::string_view text) {
  return !text.empty() && holds_only(text, "_.-") && text.front() != '.' && text.back() != '.'
         && text.find("..") == std::string_view::npos;
}

bool has_path(std::string_view url) { return url.find('/', url.find("://") + 3) != std::string_view::npos; }

// Behind the prefix of "/telemetry/proxy/*", with the slash.
std::string_view rest_of(const ProxiedRoute& route, std::string_view path) {
  return path.substr(std::min(route.path.size() - 2, path.size()));
}

}  // namespace

Proxied::Proxied(const sls::Sandbox& sandbox, std::string_view traces_url, std::vector<std::string>& findings) {
  auto [options, unread] = sls::read_options<ProxiedOptions>(sandbox);
  for (const std::string& finding : unread) findings.push_back(finding);
  const auto set = [&](Override which, std::string_view key, std::string& url) {
    if (url.empty()) return;
    if (usable_url(url)) {
      overrides_[static_cast<std::size_t>(which)] = std::move(url);
      return;
    }
    findings.push_back("option " + std::string(key) + " (" + std::string(sandbox.origin(key))
                       + "): wanted http(s)://HOST[:PORT][/PATH]; the site's intake is used");
  };
  set(Override::kProfiles, "profiling_dd_url", options.profiles);
  set(Override::kDebuggerLogs, "debugger_dd_url", options.debugger_logs);
  set(Override::kDebugger, "debugger_diagnostics_dd_url", options.debugger);
  set(Override::kSymbols, "symdb_dd_url", options.symbols);
  set(Override::kTelemetry, "telemetry_dd_url", options.telemetry);
  overrides_[static_cast<std::size_t>(Override::kTraces)] = traces_url;
  on_function(sandbox.function_name());
}

void Proxied::on_function(std::string_view name) {
  tags_ = "_dd.origin:lambda";
  if (!name.empty()) tags_.append(",functionname:").append(name);
}

Proxied::Took Proxied::take(const ProxiedRoute& route, const sls::Request& request, std::string_view& answer) {
  Waiting taken;
  taken.url = url_of(route, request, answer);
  if (taken.url.empty()) return Took::kRefused;
  answer_.assign("Acknowledged request for ").append(route.context);
  answer = answer_;
  ++received_;
  taken.evp_origin = route.evp_origin;
  taken.method = request.method();
  taken.target = target_of(route, request);
  taken.content_type = request.header(kContentType);
  taken.needs_app_key = route.upstream.empty() && request.header(kNeedsAppKey) == "true";
  const std::string_view connection = request.header("Connection");
  for (const sls::Pair header : request.headers())
    if (is_kept(header.key, connection)) taken.headers.emplace_back(header.key, header.value);
  // Before the body is copied, so that nothing large is moved for nothing.
  const std::size_t bytes = size_of(taken) + request.body().size();
  if (bytes > kProxiedBytesWaitingMax - waiting_bytes_) return Took::kNoRoom;
  taken.body = request.body();
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(taken));
  return Took::kAll;
}

bool Proxied::next(sls::Payload& payload) {
  if (waiting_.empty()) return false;
  waiting_bytes_ -= size_of(waiting_.front());
  handed_out_ = std::move(waiting_.front());
  waiting_.pop_front();
  headers_.clear();
  bool has_origin = handed_out_.evp_origin.empty();
  for (const auto& [name, value] : handed_out_.headers) {
    has_origin = has_origin || sls::detail::same_letters(name, kEvpOrigin);
    headers_.push_back(sls::pair(name, value));
  }
  headers_.push_back(sls::pair(kAdditionalTags, tags_));
  if (!has_origin) headers_.push_back(sls::pair(kEvpOrigin, handed_out_.evp_origin));
  part_ = sls::part(handed_out_.body, 1);
  payload.url(handed_out_.url).method(handed_out_.method).path(handed_out_.target);
  payload.content_type(handed_out_.content_type).headers(headers_).parts(std::span(&part_, 1));
  if (handed_out_.needs_app_key) payload.auth(sls::Auth::api_and_app_key);
  return true;
}

std::size_t Proxied::size_of(const Waiting& request) {
  std::size_t out = kRequestOverhead + request.target.size() + request.content_type.size() + request.body.size();
  for (const auto& [name, value] : request.headers) out += kHeaderOverhead + name.size() + value.size();
  return out;
}

std::string_view Proxied::url_of(const ProxiedRoute& route, const sls::Request& request, std::string_view& why) {
  if (!route.upstream.empty())
    return override_of(route).empty() ? route.upstream : std::string_view(override_of(route));
  const std::string_view subdomain = request.header(kSubdomain);
  why = "X-Datadog-EVP-Subdomain: wanted the intake's name, of letters, digits and _ . -\n";
  if (!is_subdomain(subdomain)) return {};
  why = "the path may hold letters, digits and / _ + - only\n";
  if (!holds_only(rest_of(route, request.path()), "/_+-")) return {};
  why = "the query may hold letters, digits and / _ + @ ? & = . : \" - only\n";
  if (!holds_only(request.query(), "/_+@?&=.:\"-")) return {};
  const std::string url = "https://" + std::string(subdomain) + ".{site}";
  for (const std::string& known : subdomains_)
    if (known == url) return known;
  why = "X-Datadog-EVP-Subdomain: there have been too many different ones\n";
  if (subdomains_.size() == kSubdomainsMax) return {};
  return subdomains_.emplace_back(url);
}

std::string Proxied::target_of(const ProxiedRoute& route, const sls::Request& request) const {
  const std::string& base = override_of(route);
  const bool is_whole = !route.target.empty() && route.override != Override::kTraces && !base.empty() && has_path(base);
  std::string out;
  if (!is_whole) out = route.target.empty() ? rest_of(route, request.path()) : route.target;
  if (!request.query().empty()) out.append("?").append(request.query());
  return out;
}

}  // namespace traces
