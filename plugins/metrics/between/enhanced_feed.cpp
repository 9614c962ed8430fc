#include "between/enhanced_feed.hpp"

namespace metrics {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kTick = 10ms;
constexpr std::size_t kProcessesAskedForRuntimeMax = 512;

std::unique_ptr<Sensors> sensors_for(const EnhancedOptions& options) {
  if (!options.enabled || !options.proc) return nullptr;
  return std::make_unique<ProcSensors>();
}

}  // namespace

EnhancedFeed::EnhancedFeed(const EnhancedOptions& options, const sls::Sandbox& sandbox)
    : enabled_(options.enabled),
      runtime_known_(!sandbox.runtime().empty()),
      sensors_(sensors_for(options)),
      enhanced_(sandbox.managed_instance(), std::string(sandbox.architecture()), sensors_.get()) {}

void EnhancedFeed::ask(sls::Interests& want) const {
  if (!enabled_) return;
  using enum sls::RecordKind;
  want.records(init_start, init_report, start, runtime_done, report, restore_report);
  want.records_if_any(function, extension);
  if (sensors_ != nullptr) want.tick_every(kTick, sls::TickWhen::while_invoked);
}

void EnhancedFeed::take(const sls::Telemetry& batch) {
  if (!enabled_) return;
  for (const sls::Record& record : batch) take_record(record, batch.now_ns());
}

void EnhancedFeed::take_record(const sls::Record& record, std::int64_t now_ns) {
  PlatformFacts facts;
  switch (record.kind()) {
    case sls::RecordKind::function:
    case sls::RecordKind::extension:
      if (says_out_of_memory(record.text())) enhanced_.out_of_memory_by_line(record.request_id(), record.time_ns());
      return;
    case sls::RecordKind::init_start: facts.kind = PlatformKind::kInitStart; break;
    case sls::RecordKind::init_report: facts.kind = PlatformKind::kInitReport; break;
    case sls::RecordKind::start: facts.kind = PlatformKind::kStart; break;
    case sls::RecordKind::runtime_done: facts.kind = PlatformKind::kRuntimeDone; break;
    case sls::RecordKind::report: facts.kind = PlatformKind::kReport; break;
    case sls::RecordKind::restore_report: facts.kind = PlatformKind::kRestoreReport; break;
    default: return;
  }
  facts.time_ns = record.time_ns();
  read_platform_record(record.json(), facts);
  enhanced_.platform(record.request_id(), facts, now_ns);
}

void EnhancedFeed::take(const sls::Invocation& step) {
  if (!enabled_) return;
  switch (step.event()) {
    case sls::Event::invoke:
      if (!std::exchange(runtime_known_, true)) {
        runtime_asked_ = Proc().runtime(kProcessesAskedForRuntimeMax);
        enhanced_.set_runtime(runtime_asked_);
      }
      enhanced_.invoked(step.request_id(), step.cold_start(), step.proactive_init(), step.now_ns());
      break;
    case sls::Event::tracer_end:
      if (says_error(step.headers(), step.payload())) enhanced_.failed_by_tracer(step.request_id(), step.now_ns());
      break;
    case sls::Event::shutdown: enhanced_.shut_down(step.now_ns()); break;
    default: break;
  }
}

void EnhancedFeed::tick(std::int64_t now_ns) {
  if (enabled_) enhanced_.tick(now_ns);
}

bool EnhancedFeed::take_copy(std::string_view name, std::int64_t now_ns) {
  if (name == "aws.lambda.enhanced.invocations") return true;
  if (name != "aws.lambda.enhanced.errors") return false;
  if (enabled_) enhanced_.error_by_library(now_ns);
  return true;
}

}  // namespace metrics
