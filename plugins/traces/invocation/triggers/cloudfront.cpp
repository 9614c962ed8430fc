// CloudFront (Lambda@Edge). What stands for an ARN is the id of the distribution.
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

Node config(Node event) { return event["Records"].first()["cf"]["config"]; }

bool recognises(Node event) { return config(event)["distributionId"].exists(); }

void describe(Sighting& s) { s.source("cloudfront", config(s.event)["distributionId"].text()); }

}  // namespace

const Trigger cloudfront{"cloudfront", recognises, describe, true};

}  // namespace traces::invocation::triggers
