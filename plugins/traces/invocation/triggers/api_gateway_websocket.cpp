// API Gateway, WebSocket API: connections, messages and their ends.
#include "../instants.hpp"
#include "http_call.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) { return event["requestContext"]["messageDirection"].exists(); }

void describe(Sighting& s) {
  const Node context = s.event["requestContext"];
  HttpCall call{.domain = context["domainName"].text(),
                .path = context["routeKey"].text(),
                .request_id = context["requestId"].text()};
  keep(s, call);
  const std::string_view id = context["apiId"].text();
  s.source("api-gateway", s.keep({"arn:", s.partition(), ":apigateway:", s.region(), "::/apis/", id, "/stages/",
                                  context["stage"].text()}));
  tag_http_call(s, call);
  put_headers(s.carriers.trigger, s.event);

  InferredSpan* span =
      s.span("aws.apigateway", "web", instant_of_number(context["requestTimeEpoch"].words(), kMillisecondNs));
  if (span == nullptr) return;
  span->resource = call.path;
  span->service = s.service({id, "lambda_api_gateway", call.domain, "api_gateway_websocket"});
  describe_http_call(s, *span, call);
  s.set(*span, "resource_names", call.path);
  s.set(*span, "apiid", id);
  s.set(*span, "stage", context["stage"]);
  s.set(*span, "connection_id", context["connectionId"]);
  s.set(*span, "event_type", context["eventType"]);
  s.set(*span, "message_direction", context["messageDirection"]);
}

}  // namespace

const Trigger api_gateway_websocket{"api-gateway-websocket", recognises, describe};

}  // namespace traces::invocation::triggers
