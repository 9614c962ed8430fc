#include "http_call.hpp"

#include "../letters.hpp"

namespace traces::invocation::triggers {
namespace {

bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

bool all_digits(std::string_view segment) {
  for (const char c : segment)
    if (!is_digit(c)) return false;
  return !segment.empty();
}

bool is_uuid(std::string_view text) {
  for (std::size_t i = 0; i < 36; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool holds_uuid(std::string_view segment) {
  for (std::size_t i = 0; i + 36 <= segment.size(); ++i)
    if (is_uuid(segment.substr(i))) return true;
  return false;
}

bool holds_ulid(std::string_view segment) {
  std::size_t run = 0;
  for (const char c : segment) {
    run = std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ").find(c) == std::string_view::npos ? 0 : run + 1;
    if (run == 26) return true;
  }
  return false;
}

// {user_id} behind users, {id} behind nothing.
void append_name(std::string& out, std::string_view previous) {
  while (previous.ends_with('s')) previous.remove_suffix(1);
  out += '{';
  if (!previous.empty() && previous != "id") out.append(previous).append("_");
  out += "id}";
}

}  // namespace

std::string_view header(Node event, std::string_view name) {
  const Node single = event["headers"].any_case(name);
  return single.is_string() ? single.text() : event["multiValueHeaders"].any_case(name).first().text();
}

bool is_async_call(Node event) { return header(event, "x-amz-invocation-type") == "Event"; }

void keep(Sighting& sighting, HttpCall& call) {
  for (std::string_view* each : {&call.domain, &call.path, &call.method, &call.route, &call.user_agent, &call.protocol,
                                 &call.source_ip, &call.request_id}) {
    *each = sighting.keep({*each});
  }
  if (!call.domain.empty()) call.url = sighting.keep({"https://", call.domain, call.path});
}

void tag_http_call(Sighting& sighting, const HttpCall& call) {
  sighting.tag("http.url", call.url);
  sighting.tag("http.url_details.path", call.path);
  sighting.tag("http.method", call.method);
  sighting.tag("http.route", call.route);
  sighting.tag("http.user_agent", call.user_agent);
  sighting.tag("http.referer", header(sighting.event, "referer"));
}

void describe_http_call(Sighting& sighting, InferredSpan& span, const HttpCall& call) {
  sighting.set(span, "endpoint", call.path);
  sighting.set(span, "http.url", call.url);
  sighting.set(span, "http.method", call.method);
  sighting.set(span, "http.protocol", call.protocol);
  sighting.set(span, "http.source_ip", call.source_ip);
  sighting.set(span, "http.user_agent", call.user_agent);
  sighting.set(span, "request_id", call.request_id);
}

std::string_view route_of(std::string_view path, std::string& spare) {
  path = path.substr(0, kTextBytesMax);
  if (path.find('{') != std::string_view::npos && path.find('}') != std::string_view::npos) return path;
  spare.clear();
  std::string_view previous;
  while (!path.empty()) {
    const std::string_view segment = before_first(path, '/');
    path.remove_prefix(segment.size() == path.size() ? segment.size() : segment.size() + 1);
    if (!segment.empty()) {
      spare += '/';
      if (all_digits(segment) || holds_uuid(segment) || holds_ulid(segment)) {
        append_name(spare, previous);
      } else {
        spare += segment;
      }
    }
    previous = segment;
  }
  return spare.empty() ? std::string_view("/") : spare;
}

}  // namespace traces::invocation::triggers
