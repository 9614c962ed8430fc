#include "cold_start.hpp"

#include <charconv>

#include "event.hpp"

namespace traces::invocation {
namespace {

// record.metrics.durationMs; absent: 0, since it is over.
std::int64_t duration_in(std::string_view json) {
  Event read;
  if (!read.read(json)) return 0;
  const std::string_view words = read.root()["metrics"]["durationMs"].words();
  double ms = 0;
  std::from_chars(words.data(), words.data() + words.size(), ms);
  return ms > 0 && ms < 1e12 ? static_cast<std::int64_t>(ms * 1e6) : 0;
}

}  // namespace

void ColdStart::take(const sls::Record& record) {
  switch (record.kind()) {
    case sls::RecordKind::init_start: init_start_ns = record.time_ns(); break;
    case sls::RecordKind::init_report: init_duration_ns = duration_in(record.json()); break;
    case sls::RecordKind::restore_start: restore_start_ns = record.time_ns(); break;
    case sls::RecordKind::restore_report: restore_duration_ns = duration_in(record.json()); break;
    default: break;
  }
}

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
