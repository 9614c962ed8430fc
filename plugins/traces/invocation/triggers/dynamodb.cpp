// DynamoDB streams.
#include "../instants.hpp"
#include "../letters.hpp"
#include "../span_pointers.hpp"
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

Node record(Node event) { return event["Records"].first(); }

bool recognises(Node event) { return record(event)["dynamodb"].exists(); }

void describe(Sighting& s) {
  const Node one = record(s.event), change = one["dynamodb"];
  const std::string_view arn = s.keep({one["eventSourceARN"].text()});
  const std::string_view table = part(arn, '/', 1);
  s.source("dynamodb", arn);
  point_at_item(s, table, change["Keys"]);

  InferredSpan* span =
      s.span("aws.dynamodb", "web", instant_of_number(change["ApproximateCreationDateTime"].words(), kSecondNs));
  if (span == nullptr) return;
  span->resource = s.keep({one["eventName"].text(), " ", table});
  span->service = s.service({table, "lambda_dynamodb", table, "dynamodb"});
  s.set(*span, "operation_name", "aws.dynamodb");
  s.set(*span, "event_id", one["eventID"]);
  s.set(*span, "event_name", one["eventName"]);
  s.set(*span, "event_version", one["eventVersion"]);
  s.set(*span, "event_source_arn", arn);
  s.set(*span, "size_bytes", change["SizeBytes"]);
  s.set(*span, "stream_view_type", change["StreamViewType"]);
  s.set(*span, "table_name", table);
}

}  // namespace

const Trigger dynamodb{"dynamodb", recognises, describe};

}  // namespace traces::invocation::triggers
