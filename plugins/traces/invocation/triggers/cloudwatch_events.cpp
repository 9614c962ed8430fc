// Schedules and other events of CloudWatch Events itself (aws.events).
#include "messages.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) { return is_bus_event(event) && event["source"].text() == "aws.events"; }

void describe(Sighting& s) { s.source("cloudwatch-events", s.event["resources"].first().text()); }

}  // namespace

const Trigger cloudwatch_events{"cloudwatch-events", recognises, describe, true};

}  // namespace traces::invocation::triggers
