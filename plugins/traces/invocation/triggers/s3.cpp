// S3 notifications: objects that were created, and those that were removed, which have neither size nor eTag.
#include "../instants.hpp"
#include "../span_pointers.hpp"
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

Node record(Node event) { return event["Records"].first(); }

bool recognises(Node event) { return record(event)["s3"].exists(); }

void describe(Sighting& s) {
  const Node one = record(s.event), bucket = one["s3"]["bucket"], object = one["s3"]["object"];
  s.source("s3", one["eventSource"].text());
  if (one["eventName"].text().starts_with("ObjectCreated")) {
    point_at_object(s, bucket["name"].text(), object["key"].text(), object["eTag"].text());
  }

  InferredSpan* span = s.span("aws.s3", "web", instant_of_date(one["eventTime"].text()));
  if (span == nullptr) return;
  const std::string_view name = s.keep({bucket["name"].text()});
  span->resource = name;
  span->service = s.service({name, "lambda_s3", name, "s3"});
  s.set(*span, "operation_name", "aws.s3");
  s.set(*span, "event_name", one["eventName"]);
  s.set(*span, "bucketname", name);
  s.set(*span, "bucket_arn", bucket["arn"]);
  s.set(*span, "object_key", object["key"]);
  s.set(*span, "object_size", object["size"]);
  s.set(*span, "object_etag", object["eTag"]);
}

}  // namespace

const Trigger s3{"s3", recognises, describe};

}  // namespace traces::invocation::triggers
