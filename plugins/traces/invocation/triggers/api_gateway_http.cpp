// API Gateway, HTTP API (payload version 2.0).
#include "../instants.hpp"
#include "../letters.hpp"
#include "http_call.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) {
  const Node domain = event["requestContext"]["domainName"];
  return event["version"].text() == "2.0" && event["rawQueryString"].exists() && domain.exists()
         && domain.text().find("lambda-url") == std::string_view::npos;
}

void describe(Sighting& s) {
  const Node context = s.event["requestContext"], http = context["http"];
  HttpCall call{.domain = context["domainName"].text(),
                .path = http["path"].text(),
                .method = http["method"].text(),
                .route = after_last(s.event["routeKey"].text(), ' '),
                .user_agent = header(s.event, "user-agent"),
                .protocol = http["protocol"].text(),
                .source_ip = http["sourceIp"].text(),
                .request_id = context["requestId"].text()};
  if (call.path.empty()) call.path = s.event["rawPath"].text();
  keep(s, call);
  const std::string_view id = context["apiId"].text();
  s.source("api-gateway", s.keep({"arn:", s.partition(), ":apigateway:", s.region(), "::/restapis/", id, "/stages/",
                                  context["stage"].text()}));
  tag_http_call(s, call);
  put_headers(s.carriers.trigger, s.event);

  InferredSpan* span = s.span("aws.httpapi", "web", instant_of_number(context["timeEpoch"].words(), kMillisecondNs));
  if (span == nullptr) return;
  std::string spare;
  span->resource = s.keep({call.method, " ", route_of(call.path, spare)});
  span->service = s.service({id, "lambda_api_gateway", call.domain, call.domain});
  span->async = is_async_call(s.event);
  call.user_agent = http["userAgent"].text();
  describe_http_call(s, *span, call);
  if (!id.empty()) {
    s.set(*span, "dd_resource_key", s.keep({"arn:", s.partition(), ":apigateway:", s.region(), "::/apis/", id}));
  }
}

}  // namespace

const Trigger api_gateway_http{"api-gateway-http", recognises, describe};

}  // namespace traces::invocation::triggers
