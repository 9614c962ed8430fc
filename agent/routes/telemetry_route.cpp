#include "routes/telemetry_route.hpp"

#include "base/limits.hpp"

namespace agent {
namespace {

constexpr BodyPolicy kBatchBody{limits::kTelemetryBodyBytesMax, BodyPolicy::OnExcess::kTakeWithoutBody};

std::uint32_t whole(double number) { return number > 0 ? static_cast<std::uint32_t>(number) : 0; }

ReportFacts report_of(const PlatformFacts& facts, bool managed) {
  ReportFacts report;
  report.status = facts.status;
  report.error_type = facts.error_type;
  // On managed instances the latency of the response is the time that the function took.
  report.duration_ms = managed && facts.response_latency_ms >= 0 ? facts.response_latency_ms : facts.duration_ms;
  report.billed_ms = facts.billed_ms;
  report.init_ms = facts.init_duration_ms;
  report.restore_ms = facts.restore_duration_ms;
  report.memory_mb = whole(facts.memory_size_mb);
  report.memory_used_mb = whole(facts.max_memory_used_mb);
  return report;
}

DoneFacts done_of(const PlatformFacts& facts) {
  DoneFacts done;
  done.status = facts.status;
  done.error_type = facts.error_type;
  done.duration_ms = facts.duration_ms;
  done.produced_bytes = facts.produced_bytes > 0 ? static_cast<std::uint64_t>(facts.produced_bytes) : 0;
  return done;
}

}  // namespace

TelemetryRoute::TelemetryRoute(InvocationFeed& feed, PluginSet& plugins, Counters& counters, bool managed)
    : feed_(feed),
      plugins_(plugins),
      counters_(counters),
      managed_(managed),
      records_total_(counters.handle("host", "telemetry.records")),
      malformed_(counters.handle("host", "telemetry.malformed_elements")),
      unknown_types_(counters.handle("host", "telemetry.unknown_types")),
      unreadable_bodies_(counters.handle("host", "telemetry.unreadable_bodies")),
      too_large_(counters.handle("host", "telemetry.bodies_too_large")),
      lost_by_platform_(counters.handle("host", "telemetry.records_lost_by_platform")) {}

void TelemetryRoute::add_to(Dispatch& dispatch) {
  const auto take_batch = [this](const HttpRequest& request, HttpReply& reply) {
    if (request.body_too_large)
      counters_.add(too_large_);
    else
      take(request.body, Now::read().wall);
    reply.body = "OK";
  };
  dispatch.add({"host", "POST", "/", kBatchBody, take_batch});
}

void TelemetryRoute::take(std::string_view body, Wall now) {
  TelemetryBatch& batch = parser_.parse(body, to_ns(now));
  counters_.add(records_total_, batch.records.size());
  counters_.add(malformed_, batch.malformed);
  counters_.add(unknown_types_, batch.unknown_types);
  if (batch.unparsable) counters_.add(unreadable_bodies_);
  if (batch.records.empty()) return;
  attribute(batch);
  plugins_.on_telemetry(batch.records, to_ns(now), body.size());
  tell_facts(batch, now);
  feed_.attribution().batch_ended();
}

// Gives every record without an id the id of the invocation that it falls into, in the order of the batch.
void TelemetryRoute::attribute(TelemetryBatch& batch) {
  Attribution& attribution = feed_.attribution();
  for (sls_record& record : batch.records) {
    if (record.request_id.len == 0)
      record.request_id = to_sls(attribution.id_for(from_ns(record.time_ns)));
    else if (record.kind == SLS_RECORD_START)
      attribution.started(from_sls(record.request_id));
  }
}

// After the plugins have seen the records: when an invocation counts as done, its lines have been taken in.
void TelemetryRoute::tell_facts(const TelemetryBatch& batch, Wall now) {
  for (const PlatformFacts& facts : batch.facts) {
    const sls_record& record = batch.records[facts.record];
    const Wall at = from_ns(record.time_ns);
    switch (record.kind) {
      case SLS_RECORD_START: feed_.started(facts.request_id, facts.version, at, now); break;
      case SLS_RECORD_RUNTIME_DONE: feed_.done(facts.request_id, done_of(facts), at, now); break;
      case SLS_RECORD_REPORT: feed_.reported(facts.request_id, report_of(facts, managed_), at, now); break;
      case SLS_RECORD_RESTORE_START: feed_.restore_started(at); break;
      case SLS_RECORD_LOGS_DROPPED: counters_.add(lost_by_platform_, whole(facts.dropped_records)); break;
      default: break;
    }
  }
}

}  // namespace agent
