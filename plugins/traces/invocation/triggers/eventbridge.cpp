// EventBridge, as an event and inside bodies of SQS and SNS. What its tracer wrote (_datadog) names the bus and the
// time.
#include "../instants.hpp"
#include "messages.hpp"

namespace traces::invocation::triggers {

bool is_bus_event(Node event) { return event["detail-type"].exists() && event["source"].is_string(); }

void put_bus_event(Sighting& s, Node event) { put_texts(s.carriers.trigger, event["detail"]["_datadog"]); }

InferredSpan* add_bus_event_span(Sighting& s, Node event) {
  const Node context = event["detail"]["_datadog"];
  std::optional<std::int64_t> start = instant_of_number(context["x-datadog-start-time"].words(), kMillisecondNs);
  if (!start) start = instant_of_date(event["time"].text());
  InferredSpan* span = s.span("aws.eventbridge", "web", start);
  if (span == nullptr) return nullptr;
  const std::string_view bus = context["x-datadog-resource-name"].text();
  const std::string_view name = s.keep({bus.empty() ? event["source"].text() : bus});
  span->resource = name;
  span->service = s.service({name, "lambda_eventbridge", name, "eventbridge"});
  s.set(*span, "operation_name", "aws.eventbridge");
  s.set(*span, "detail_type", event["detail-type"]);
  return span;
}

namespace {

// Those of aws.events are the schedule's.
bool recognises(Node event) { return is_bus_event(event) && event["source"].text() != "aws.events"; }

void describe(Sighting& s) {
  s.source("eventbridge", s.event["source"].text());
  put_bus_event(s, s.event);
  add_bus_event_span(s, s.event);
}

}  // namespace

const Trigger eventbridge{"eventbridge", recognises, describe};

}  // namespace traces::invocation::triggers
