// API Gateway, REST API, proxy integration or not.
#include "../instants.hpp"
#include "http_call.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) {
  return event["requestContext"]["stage"].exists() && event["httpMethod"].exists() && event["resource"].exists();
}

void describe(Sighting& s) {
  const Node context = s.event["requestContext"], identity = context["identity"];
  HttpCall call{.domain = context["domainName"].text(),
                .path = context["path"].text(),
                .method = context["httpMethod"].text(),
                .route = context["resourcePath"].text(),
                .user_agent = identity["userAgent"].text(),
                .protocol = context["protocol"].text(),
                .source_ip = identity["sourceIp"].text(),
                .request_id = context["requestId"].text()};
  if (call.path.empty()) call.path = s.event["path"].text();
  if (call.method.empty()) call.method = s.event["httpMethod"].text();
  if (call.route.empty()) call.route = s.event["resource"].text();
  keep(s, call);
  const std::string_view id = context["apiId"].text();
  const std::string_view key = s.keep({"arn:", s.partition(), ":apigateway:", s.region(), "::/restapis/", id});
  s.source("api-gateway", s.keep({key, "/stages/", context["stage"].text()}));
  tag_http_call(s, call);
  put_headers(s.carriers.trigger, s.event);

  InferredSpan* span =
      s.span("aws.apigateway", "web", instant_of_number(context["requestTimeEpoch"].words(), kMillisecondNs));
  if (span == nullptr) return;
  std::string spare;
  span->resource = s.keep({call.method, " ", route_of(call.path, spare)});
  span->service = s.service({id, "lambda_api_gateway", call.domain, call.domain});
  span->async = is_async_call(s.event);
  describe_http_call(s, *span, call);
  s.set(*span, "http.route", call.route);
  if (!id.empty()) s.set(*span, "dd_resource_key", key);
}

}  // namespace

const Trigger api_gateway_rest{"api-gateway-rest", recognises, describe};

}  // namespace traces::invocation::triggers
