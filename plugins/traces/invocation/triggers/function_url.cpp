// Lambda function URLs.
#include "../instants.hpp"
#include "http_call.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) {
  return event["requestContext"]["domainName"].text().find("lambda-url") != std::string_view::npos;
}

void describe(Sighting& s) {
  const Node context = s.event["requestContext"], http = context["http"];
  HttpCall call{.domain = context["domainName"].text(),
                .path = http["path"].text(),
                .method = http["method"].text(),
                .user_agent = http["userAgent"].text(),
                .protocol = http["protocol"].text(),
                .source_ip = http["sourceIp"].text(),
                .request_id = context["requestId"].text()};
  if (call.path.empty()) call.path = s.event["rawPath"].text();
  keep(s, call);
  // The partition is aws everywhere: that is how others write it too.
  s.source("lambda-function-url",
           s.keep({"arn:aws:lambda:", s.region(), ":", context["accountId"].text(), ":url:", s.around.function_name}));
  tag_http_call(s, call);
  put_headers(s.carriers.trigger, s.event);

  InferredSpan* span =
      s.span("aws.lambda.url", "http", instant_of_number(context["timeEpoch"].words(), kMillisecondNs));
  if (span == nullptr) return;
  span->resource = s.keep({call.method, " ", call.path});
  span->service = s.service({context["apiId"].text(), "lambda_url", call.domain, call.domain});
  span->async = is_async_call(s.event);
  describe_http_call(s, *span, call);
  s.set(*span, "operation_name", "aws.lambda.url");
}

}  // namespace

const Trigger function_url{"lambda-function-url", recognises, describe};

}  // namespace traces::invocation::triggers
