// Of Enhanced: what is read of the machine at the beginning and at the end of an invocation.
#include "between/enhanced.hpp"
#include "between/enhanced_formulas.hpp"

namespace metrics {

// Another invocation begins: what an earlier one has used up to now is all that it has used.
void Enhanced::close_measurements(const std::shared_ptr<const Reading>& reading, std::int64_t now_ns) {
  for (Record& each : records_) {
    if (each.from == nullptr || each.to != nullptr) continue;
    each.to = reading;
    if (!each.measured) each.usage = sensors_->usage(now_ns);
  }
}

// At the runtimeDone, or at the report where that comes first.
void Enhanced::measure(Record& record, std::int64_t now_ns) {
  if (record.from == nullptr || record.measured) return;
  record.measured = true;
  const std::shared_ptr<const Reading> to = record.to != nullptr ? record.to : sensors_->read();
  const Reading& from = *record.from;
  if (from.cpu && to->cpu && from.uptime_ms && to->uptime_ms) {
    if (const auto use = utilisation(*from.cpu, *to->cpu, *from.uptime_ms, *to->uptime_ms)) {
      tell(&record, "aws.lambda.enhanced.cpu_total_utilization_pct", use->total_percent, now_ns);
      tell(&record, "aws.lambda.enhanced.cpu_total_utilization", use->total_cores, now_ns);
      tell(&record, "aws.lambda.enhanced.num_cores", use->cores, now_ns);
      tell(&record, "aws.lambda.enhanced.cpu_max_utilization", use->busiest_percent, now_ns);
      tell(&record, "aws.lambda.enhanced.cpu_min_utilization", use->idlest_percent, now_ns);
    }
  }
  // On managed instances invocations overlap: usage is the sandbox's and is told once, at SHUTDOWN.
  if (!managed_) tell_usage(&record, record.usage ? *record.usage : sensors_->usage(now_ns), now_ns);
  record.usage.reset();
}

// At the report.
void Enhanced::measure_counters(Record& record, std::int64_t now_ns) {
  if (record.from == nullptr) return;
  const std::shared_ptr<const Reading> to = record.to != nullptr ? record.to : sensors_->read();
  const Reading& from = *record.from;
  if (from.network && to->network) {
    const double received = to->network->received - from.network->received;
    const double sent = to->network->sent - from.network->sent;
    tell(&record, "aws.lambda.enhanced.rx_bytes", received, now_ns);
    tell(&record, "aws.lambda.enhanced.tx_bytes", sent, now_ns);
    tell(&record, "aws.lambda.enhanced.total_network", received + sent, now_ns);
  }
  if (from.cpu && to->cpu) {
    const double user = to->cpu->user_ms - from.cpu->user_ms, system = to->cpu->system_ms - from.cpu->system_ms;
    tell(&record, "aws.lambda.enhanced.cpu_user_time", user, now_ns);
    tell(&record, "aws.lambda.enhanced.cpu_system_time", system, now_ns);
    tell(&record, "aws.lambda.enhanced.cpu_total_time", user + system, now_ns);
  }
  record.from.reset();
  record.to.reset();
}

void Enhanced::tell_usage(const Record* record, const Usage& usage, std::int64_t now_ns) {
  const auto peak = [&](std::string_view name, const std::optional<double>& value) {
    if (value && *value > 0) tell(record, name, *value, now_ns);
  };
  if (usage.tmp && usage.tmp->used_bytes > 0) {
    tell(record, "aws.lambda.enhanced.tmp_used", usage.tmp->used_bytes, now_ns);
    tell(record, "aws.lambda.enhanced.tmp_max", usage.tmp->total_bytes, now_ns);
    tell(record, "aws.lambda.enhanced.tmp_free", usage.tmp->total_bytes - usage.tmp->used_bytes, now_ns);
  }
  peak("aws.lambda.enhanced.fd_use", usage.descriptors);
  peak("aws.lambda.enhanced.threads_use", usage.threads);
  peak("aws.lambda.enhanced.fd_max", usage.descriptors_max);
  peak("aws.lambda.enhanced.threads_max", usage.threads_max);
}

}  // namespace metrics
