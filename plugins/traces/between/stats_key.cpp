#include "between/stats_key.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#include "equals.hpp"

namespace traces {
namespace {

// By their number, without the underscores.
constexpr char kGrpcNames[][19] = {
    "OK",       "CANCELLED",      "UNKNOWN",          "INVALIDARGUMENT",   "DEADLINEEXCEEDED",
    "NOTFOUND", "ALREADYEXISTS",  "PERMISSIONDENIED", "RESOURCEEXHAUSTED", "FAILEDPRECONDITION",
    "ABORTED",  "OUTOFRANGE",     "UNIMPLEMENTED",    "INTERNAL",          "UNAVAILABLE",
    "DATALOSS", "UNAUTHENTICATED"};
constexpr std::size_t kGrpcNameBytesMax = 40;

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string grpc_number(std::string_view text) {
  if (std::uint32_t number = 0; read_number(text, number)) return std::to_string(number);
  if (text.size() > kGrpcNameBytesMax) return {};
  std::string name;
  for (const char c : text)
    if (c != '_') name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c);
  if (name.starts_with("STATUSCODE.")) name.erase(0, 11);
  if (name == "CANCELED") return "1";
  for (std::size_t i = 0; i < std::size(kGrpcNames); ++i)
    if (name == kGrpcNames[i]) return std::to_string(i);
  return {};
}

// What a span's tags and metrics say of its key, in one walk over each. Backwards, since of equal keys the first
// counts.
struct Found {
  std::string_view kind, method, endpoint, route, source, status;
  std::array<std::string_view, 4> grpc;  // by rank
  std::optional<double> status_number;
  std::array<std::optional<double>, 4> grpc_numbers;
};

// Where its gRPC status stands; the first that says one counts.
std::optional<std::size_t> grpc_rank(std::string_view key) {
  if (equals(key, "rpc.grpc.status_code")) return 0;
  if (equals(key, "grpc.code")) return 1;
  if (equals(key, "rpc.grpc.status.code")) return 2;
  if (equals(key, "grpc.status.code")) return 3;
  return std::nullopt;
}

void find(std::string_view key, std::string_view value, Found& out) {
  switch (key.size()) {
    case 10:
      if (equals(key, "http.route")) out.route = value;
      break;
    case 11:
      if (equals(key, "http.method"))
        out.method = value;
      else if (equals(key, "_dd.svc_src"))
        out.source = value;
      break;
    case 13:
      if (equals(key, "http.endpoint")) out.endpoint = value;
      break;
    case 9:
    case 16:
    case 20:
      if (equals(key, "span.kind"))
        out.kind = value;
      else if (equals(key, "http.status_code"))
        out.status = value;
      else if (const auto rank = grpc_rank(key))
        out.grpc[*rank] = value;
      break;
    default: break;
  }
}

Found find(const Span& span) {
  Found out;
  for (std::size_t i = span.meta.size(); i-- > 0;) find(span.meta[i].first, span.meta[i].second, out);
  for (std::size_t i = span.metrics.size(); i-- > 0;) {
    const auto& [key, value] = span.metrics[i];
    if (key.size() != 9 && key.size() != 16 && key.size() != 20) continue;
    if (equals(key, "http.status_code"))
      out.status_number = value;
    else if (const auto rank = grpc_rank(key))
      out.grpc_numbers[*rank] = value;
  }
  return out;
}

std::uint32_t http_status(const Found& found) {
  if (const auto number = found.status_number)
    return *number >= 0 && *number < 1e6 ? static_cast<std::uint32_t>(*number) : 0;
  std::uint32_t out = 0;
  return read_number(found.status, out) ? out : 0;
}

std::string grpc_status(const Found& found) {
  for (const std::string_view text : found.grpc)
    if (!text.empty())
      if (std::string number = grpc_number(text); !number.empty()) return number;
  for (const auto number : found.grpc_numbers)
    if (number && *number >= 0 && *number < 1e6) return std::to_string(static_cast<std::uint32_t>(*number));
  return {};
}

// Every text of a key, in one order.
template <class Key, class Each>
void for_texts(Key& key, Each each) {
  each(key.service), each(key.name), each(key.resource), each(key.type), each(key.span_kind), each(key.http_method);
  each(key.http_endpoint), each(key.service_source), each(key.grpc_status);
}

char* put(char* to, std::uint32_t number) {
  std::memcpy(to, &number, sizeof number);
  return to + sizeof number;
}
char* put(char* to, std::string_view text) {
  to = put(to, static_cast<std::uint32_t>(text.size()));
  if (!text.empty()) std::memcpy(to, text.data(), text.size());
  return to + text.size();
}
std::uint32_t take_number(std::string_view& bytes) {
  std::uint32_t out = 0;
  std::memcpy(&out, bytes.data(), sizeof out);
  bytes.remove_prefix(sizeof out);
  return out;
}
std::string_view take_text(std::string_view& bytes) {
  const std::uint32_t n = take_number(bytes);
  const std::string_view out = bytes.substr(0, n);
  bytes.remove_prefix(n);
  return out;
}

}  // namespace

std::string grpc_status(const Span& span) { return grpc_status(find(span)); }

void read_key(const Span& span, StatsKey& out, std::string& grpc_text) {
  const Found found = find(span);
  out.service = span.service;
  out.name = span.name;
  out.resource = span.resource;
  out.type = span.type;
  out.span_kind = found.kind;
  out.http_method = found.method;
  out.http_endpoint = found.endpoint.empty() ? found.route : found.endpoint;
  out.service_source = found.source;
  grpc_text = grpc_status(found);
  out.grpc_status = grpc_text;
  out.http_status = http_status(found);
  out.trace_root = span.parent_id == 0 ? 1 : 2;
}

void encode(const StatsKey& key, std::string& out) {
  std::size_t bytes = 3 + sizeof key.http_status;
  const auto add = [&](std::string_view text) { bytes += sizeof(std::uint32_t) + text.size(); };
  for_texts(key, add);
  for (const std::string_view tag : key.peer_tags) add(tag);

  const std::size_t begin = out.size();
  out.resize(begin + bytes);
  char* to = out.data() + begin;
  *to++ = static_cast<char>(key.origin);
  *to++ = static_cast<char>(key.trace_root);
  *to++ = key.synthetics ? 1 : 0;
  to = put(to, key.http_status);
  for_texts(key, [&](std::string_view text) { to = put(to, text); });
  for (const std::string_view tag : key.peer_tags) to = put(to, tag);
}

StatsKey decode_key(std::string_view bytes) {
  StatsKey out;
  out.origin = static_cast<std::uint8_t>(bytes[0]);
  out.trace_root = static_cast<std::uint8_t>(bytes[1]);
  out.synthetics = bytes[2] != 0;
  bytes.remove_prefix(3);
  out.http_status = take_number(bytes);
  for_texts(out, [&](std::string_view& text) { text = take_text(bytes); });
  while (!bytes.empty()) out.peer_tags.push_back(take_text(bytes));
  return out;
}

}  // namespace traces
