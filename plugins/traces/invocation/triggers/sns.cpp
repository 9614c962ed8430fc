// SNS, as an event and inside a body of SQS. The message may be an event of EventBridge.
#include "../instants.hpp"
#include "../letters.hpp"
#include "messages.hpp"

namespace traces::invocation::triggers {

bool is_notification(Node entity) { return entity["TopicArn"].is_string() && entity["Type"].text() == "Notification"; }

void put_notification(Sighting& s, Node entity, Node message) {
  const Node attribute = entity["MessageAttributes"]["_datadog"];
  if (attribute.is_object()) {
    put_attribute(s, attribute, {"Type", "Value", "Value"});
  } else if (is_bus_event(message)) {
    put_bus_event(s, message);
  }
}

InferredSpan* add_notification_span(Sighting& s, Node entity) {
  InferredSpan* span = s.span("aws.sns", "web", instant_of_date(entity["Timestamp"].text()));
  if (span == nullptr) return nullptr;
  const std::string_view arn = s.keep({entity["TopicArn"].text()});
  const std::string_view topic = after_last(arn, ':');
  span->resource = topic;
  span->service = s.service({topic, "lambda_sns", topic, "sns"});
  s.set(*span, "operation_name", "aws.sns");
  s.set(*span, "topicname", topic);
  s.set(*span, "topic_arn", arn);
  s.set(*span, "message_id", entity["MessageId"]);
  s.set(*span, "type", entity["Type"]);
  s.set(*span, "subject", entity["Subject"]);
  return span;
}

namespace {

Node record(Node event) { return event["Records"].first(); }

bool recognises(Node event) { return record(event)["Sns"].exists(); }

void describe(Sighting& s) {
  const Node entity = record(s.event)["Sns"];
  s.source("sns", entity["TopicArn"].text());
  Node bus_event = message_inside(s, entity["Message"], "detail-type");
  if (!is_bus_event(bus_event)) bus_event = {};
  put_notification(s, entity, bus_event);
  if (InferredSpan* span = add_notification_span(s, entity)) {
    s.set(*span, "event_subscription_arn", record(s.event)["EventSubscriptionArn"]);
    if (bus_event.exists()) s.set(*span, kEventSource, "eventbridge");
  }
  if (bus_event.exists()) add_bus_event_span(s, bus_event);
}

}  // namespace

const Trigger sns{"sns", recognises, describe};

}  // namespace traces::invocation::triggers
