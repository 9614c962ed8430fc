// Subscriptions of CloudWatch Logs. The log group's name is inside compressed data, which is not opened: no ARN.
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) { return event["awslogs"]["data"].is_string(); }

void describe(Sighting& s) { s.source("cloudwatch-logs", {}); }

}  // namespace

const Trigger cloudwatch_logs{"cloudwatch-logs", recognises, describe, true};

}  // namespace traces::invocation::triggers
