// What the kinds of triggers that pass on an HTTP call have in common: API Gateway, function URLs, load balancers.
//
// Tags of aws.lambda and meta of the inferred span from one struct; empty members are left out. Called by their rows.
#pragma once

#include <string>
#include <string_view>

#include "../trigger.hpp"

namespace traces::invocation::triggers {

struct HttpCall {
  std::string_view domain, path, method, route;
  std::string_view user_agent, protocol, source_ip, request_id;
  std::string_view url;
};

// To be called first: the members become texts of the facts, and there is a url.
void keep(Sighting& sighting, HttpCall& call);
// http.url, http.url_details.path, http.method, http.route, http.user_agent; http.referer from the event's headers.
void tag_http_call(Sighting& sighting, const HttpCall& call);
// endpoint, http.url, http.method, http.protocol, http.source_ip, http.user_agent, request_id.
void describe_http_call(Sighting& sighting, InferredSpan& span, const HttpCall& call);
// The caller wants no answer: X-Amz-Invocation-Type is Event.
bool is_async_call(Node event);
std::string_view header(Node event, std::string_view name);

// The path with {name} for what looks like an id: all digits, a UUID, a ULID. `/` for the root. `spare` may hold it.
std::string_view route_of(std::string_view path, std::string& spare);

}  // namespace traces::invocation::triggers
