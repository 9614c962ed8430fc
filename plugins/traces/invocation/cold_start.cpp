#include "cold_start.hpp"

namespace traces::invocation {

void ColdStart::add_to(Chunk& chunk, std::string_view service, std::string_view resource) const {
  Span& span = chunk.add();
  span.name = restored() ? "aws.lambda.snapstart_restore" : "aws.lambda.cold_start";
  span.service = chunk.arena.keep(service);
  span.resource = chunk.arena.keep(resource);
  span.type = "serverless";
  span.trace_id = trace_id;
  span.span_id = span_id;
  span.parent_id = parent_id;
  span.start = restored() ? restore_start_ns : init_start_ns;
  span.duration = restored() ? restore_duration_ns : init_duration_ns;
  span.set("span.kind", "server");
}

}  // namespace traces::invocation
