// Kinesis data streams. The record's data may be a JSON object with the caller's context in it.
#include "../instants.hpp"
#include "../letters.hpp"
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

Node record(Node event) { return event["Records"].first(); }

bool recognises(Node event) { return record(event)["kinesis"].exists(); }

void describe(Sighting& s) {
  const Node one = record(s.event), kinesis = one["kinesis"];
  const std::string_view arn = s.keep({one["eventSourceARN"].text()});
  const std::string_view stream = after_last(arn, '/');
  s.source("kinesis", arn);
  put_texts(s.carriers.trigger, s.inside(s.carriers.decoded_base64(kinesis["data"].text()))["_datadog"]);

  InferredSpan* span =
      s.span("aws.kinesis", "web", instant_of_number(kinesis["approximateArrivalTimestamp"].words(), kSecondNs));
  if (span == nullptr) return;
  span->resource = stream;
  span->service = s.service({stream, "lambda_kinesis", stream, "kinesis"});
  s.set(*span, "operation_name", "aws.kinesis");
  s.set(*span, "stream_name", stream);
  s.set(*span, "shard_id", before_first(one["eventID"].text(), ':'));
  s.set(*span, "event_source_arn", arn);
  s.set(*span, "event_id", one["eventID"]);
  s.set(*span, "event_name", one["eventName"]);
  s.set(*span, "event_version", one["eventVersion"]);
  s.set(*span, "partition_key", kinesis["partitionKey"]);
}

}  // namespace

const Trigger kinesis{"kinesis", recognises, describe};

}  // namespace traces::invocation::triggers
