// The kinds of triggers, in the order in which they are tried: the first that recognises the event has it. The only
// place besides a kind's own file that names it.
//
// Included by trigger.hpp alone.
#pragma once

#define SLS_TRIGGER_ROWS(row)                                                                                \
  row(api_gateway_authorizer) row(api_gateway_http) row(api_gateway_rest) row(api_gateway_websocket)         \
      row(load_balancer) row(function_url) row(msk) row(sqs) row(sns) row(dynamodb) row(s3) row(eventbridge) \
          row(kinesis) row(step_functions) row(cloudwatch_events) row(cloudwatch_logs) row(cloudfront) row(cognito)

namespace traces::invocation::triggers {

#define SLS_DECLARE_TRIGGER(name) extern const Trigger name;
SLS_TRIGGER_ROWS(SLS_DECLARE_TRIGGER)
#undef SLS_DECLARE_TRIGGER

}  // namespace traces::invocation::triggers
