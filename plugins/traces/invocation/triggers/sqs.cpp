// SQS. The body may be a notification of SNS or an event of EventBridge, which then has a span around that of the
// queue.
#include "../instants.hpp"
#include "../letters.hpp"
#include "messages.hpp"

namespace traces::invocation::triggers {
namespace {

Node record(Node event) { return event["Records"].first(); }

bool recognises(Node event) { return record(event)["eventSource"].text() == "aws:sqs"; }

void describe(Sighting& s) {
  const Node message = record(s.event), attributes = message["attributes"];
  const std::string_view arn = s.keep({message["eventSourceARN"].text()});
  const std::string_view queue = after_last(arn, ':');
  s.source("sqs", arn);
  s.tag("retry_count", attributes["ApproximateReceiveCount"]);
  s.tag("sender_id", attributes["SenderId"]);
  s.tag("source_arn", arn);
  s.tag("aws_region", message["awsRegion"]);

  Node notification = message_inside(s, message["body"], "TopicArn");
  if (!is_notification(notification)) notification = {};
  Node bus_event = notification.exists() ? Node() : message_inside(s, message["body"], "detail-type");
  if (!is_bus_event(bus_event)) bus_event = {};

  if (!put_attribute(s, message["messageAttributes"]["_datadog"], {"dataType", "stringValue", "binaryValue"})) {
    if (notification.exists()) put_notification(s, notification, message_inside(s, notification["Message"], "detail-"));
    if (bus_event.exists()) put_bus_event(s, bus_event);
  }
  s.carriers.aws_trace_header = attributes["AWSTraceHeader"].text();

  InferredSpan* span = s.span("aws.sqs", "web", instant_of_number(attributes["SentTimestamp"].words(), kMillisecondNs));
  if (span != nullptr) {
    span->resource = queue;
    span->service = s.service({queue, "lambda_sqs", queue, "sqs"});
    s.set(*span, "operation_name", "aws.sqs");
    s.set(*span, "receipt_handle", message["receiptHandle"]);
    for (const std::string_view key : {"retry_count", "sender_id", "source_arn", "aws_region"}) {
      s.set(*span, key, s.facts.tag(key));
    }
    if (notification.exists()) s.set(*span, kEventSource, "sns");
    if (bus_event.exists()) s.set(*span, kEventSource, "eventbridge");
  }
  if (notification.exists()) add_notification_span(s, notification);
  if (bus_event.exists()) add_bus_event_span(s, bus_event);
}

}  // namespace

const Trigger sqs{"sqs", recognises, describe};

}  // namespace traces::invocation::triggers
