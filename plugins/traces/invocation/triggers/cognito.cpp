// Cognito user pools, which ask a function while somebody signs up or in.
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) { return event["userPoolId"].is_string() && event["triggerSource"].is_string(); }

void describe(Sighting& s) { s.source("cognito", s.event["userPoolId"].text()); }

}  // namespace

const Trigger cognito{"cognito", recognises, describe, true};

}  // namespace traces::invocation::triggers
