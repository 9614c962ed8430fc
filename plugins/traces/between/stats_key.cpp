#include "between/stats_key.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace traces {
namespace {

// By their number, without the underscores.
constexpr char kGrpcNames[][19] = {
    "OK",       "CANCELLED",      "UNKNOWN",          "INVALIDARGUMENT",   "DEADLINEEXCEEDED",
    "NOTFOUND", "ALREADYEXISTS",  "PERMISSIONDENIED", "RESOURCEEXHAUSTED", "FAILEDPRECONDITION",
    "ABORTED",  "OUTOFRANGE",     "UNIMPLEMENTED",    "INTERNAL",          "UNAVAILABLE",
    "DATALOSS", "UNAUTHENTICATED"};
constexpr std::string_view kGrpcKeys[] = {"rpc.grpc.status_code", "grpc.code", "rpc.grpc.status.code",
                                          "grpc.status.code"};
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

std::uint32_t http_status(const Span& span) {
  if (const double* metric = span.find_metric("http.status_code"))
    return *metric >= 0 && *metric < 1e6 ? static_cast<std::uint32_t>(*metric) : 0;
  std::uint32_t out = 0;
  return read_number(span.tag("http.status_code"), out) ? out : 0;
}

// Every text of a key, in one order.
template <class Key, class Each>
void for_texts(Key& key, Each each) {
  each(key.service), each(key.name), each(key.resource), each(key.type), each(key.span_kind), each(key.http_method);
  each(key.http_endpoint), each(key.service_source), each(key.grpc_status);
}

void put(std::string& out, std::uint32_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}
void put(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
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

std::string grpc_status(const Span& span) {
  for (const std::string_view key : kGrpcKeys)
    if (const std::string_view text = span.tag(key); !text.empty())
      if (std::string number = grpc_number(text); !number.empty()) return number;
  for (const std::string_view key : kGrpcKeys)
    if (const double* number = span.find_metric(key); number != nullptr && *number >= 0 && *number < 1e6)
      return std::to_string(static_cast<std::uint32_t>(*number));
  return {};
}

void read_key(const Span& span, StatsKey& out, std::string& grpc_text) {
  out.service = span.service;
  out.name = span.name;
  out.resource = span.resource;
  out.type = span.type;
  out.span_kind = span.tag("span.kind");
  out.http_method = span.tag("http.method");
  out.http_endpoint = span.tag("http.endpoint");
  if (out.http_endpoint.empty()) out.http_endpoint = span.tag("http.route");
  out.service_source = span.tag("_dd.svc_src");
  grpc_text = grpc_status(span);
  out.grpc_status = grpc_text;
  out.http_status = http_status(span);
  out.trace_root = span.parent_id == 0 ? 1 : 2;
}

void encode(const StatsKey& key, std::string& out) {
  out.push_back(static_cast<char>(key.origin));
  out.push_back(static_cast<char>(key.trace_root));
  out.push_back(key.synthetics ? 1 : 0);
  put(out, key.http_status);
  for_texts(key, [&](std::string_view text) { put(out, text); });
  for (const std::string_view tag : key.peer_tags) put(out, tag);
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
