// Application load balancers. They tell no time at which the call arrived, so there is no span.
#include "http_call.hpp"

namespace traces::invocation::triggers {
namespace {

bool recognises(Node event) { return event["requestContext"]["elb"]["targetGroupArn"].exists(); }

void describe(Sighting& s) {
  s.source("application-load-balancer", s.event["requestContext"]["elb"]["targetGroupArn"].text());
  HttpCall call{.path = s.event["path"].text(),
                .method = s.event["httpMethod"].text(),
                .user_agent = header(s.event, "user-agent")};
  keep(s, call);
  tag_http_call(s, call);
  put_headers(s.carriers.trigger, s.event);
}

}  // namespace

const Trigger load_balancer{"application-load-balancer", recognises, describe};

}  // namespace traces::invocation::triggers
