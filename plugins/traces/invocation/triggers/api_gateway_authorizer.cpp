// API Gateway asks whether a call is allowed: authorizers of all its APIs. The call itself has its own span, so this
// question has none.
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

Node arn(Node event) {
  const Node method = event["methodArn"];
  return method.is_string() ? method : event["routeArn"];
}

bool recognises(Node event) {
  const std::string_view type = event["type"].text();
  return (type == "TOKEN" || type == "REQUEST") && arn(event).is_string();
}

void describe(Sighting& s) {
  s.source("api-gateway", arn(s.event).text());
  put_headers(s.carriers.trigger, s.event);
}

}  // namespace

const Trigger api_gateway_authorizer{"api-gateway-authorizer", recognises, describe};

}  // namespace traces::invocation::triggers
