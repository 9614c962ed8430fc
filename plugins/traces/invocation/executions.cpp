#include "executions.hpp"

#include <algorithm>
#include <cmath>

#include "capture.hpp"
#include "context_sources.hpp"
#include "letters.hpp"
#include "sls/codec/sha256.hpp"

namespace traces::invocation {
namespace {

constexpr std::string_view kLoad = "aws.lambda.load";
constexpr std::size_t kRuntimeBytesMax = 64;

std::int64_t ns_of(double ms) {
  return std::isfinite(ms) && ms > 0 && ms < 1e12 ? static_cast<std::int64_t>(ms * 1e6 + 0.5) : 0;
}

bool succeeded(const Execution& execution) { return execution.status.empty() || execution.status == "success"; }

}  // namespace

Execution* Executions::find(std::string_view request_id) const {
  for (auto it = open_.rbegin(); it != open_.rend(); ++it)
    if ((*it)->request_id == request_id) return it->get();
  return nullptr;
}

bool Executions::is_over(std::string_view request_id) const {
  return std::find(over_.begin(), over_.end(), request_id) != over_.end();
}

Execution& Executions::of(std::string_view request_id) {
  if (Execution* known = find(request_id)) return *known;
  // A start-invocation that came without an id, before its INVOKE.
  Execution* nameless = settings_.function.managed || request_id.empty() ? nullptr : find({});
  if (nameless == nullptr || is_over(request_id)) return begin(request_id);
  nameless->request_id = request_id;
  return *nameless;
}

Execution& Executions::begin(std::string_view request_id) {
  if (open_.size() >= kExecutionsMax) make_room();
  open_.push_back(std::make_unique<Execution>());
  open_.back()->request_id = request_id;
  return *open_.back();
}

// The oldest goes, but one that the platform knows of only when all are such.
void Executions::make_room() {
  auto oldest = std::find_if(open_.begin(), open_.end(), [](const auto& each) { return !each->invoked; });
  if (oldest == open_.end()) oldest = open_.begin();
  open_.erase(oldest);
}

void Executions::invoked(const sls::Invocation& event) {
  Execution* earlier = find(event.request_id());
  if (earlier != nullptr && earlier->done) {  // a retry of the platform; the report of the one before never came
    settle(*earlier, true, event.now_ns());
    std::erase_if(open_, [earlier](const auto& each) { return each.get() == earlier; });
  }
  Execution& execution = of(event.request_id());
  execution.invoked = true;
  execution.function_arn = event.function_arn();
  execution.cold_start = event.cold_start();
  execution.proactive_init = event.proactive_init();
  execution.start_ns = event.start_ns();
  if (first_request_id_.empty()) first_request_id_ = event.request_id();
}

std::span<const sls_pair> Executions::tracer_started(const sls::Invocation& event) {
  Execution* known = find(event.request_id());
  // What is over may be invoked again, and a tracer may be faster than INVOKE.
  Execution& execution = known != nullptr && known->closed ? begin(event.request_id()) : of(event.request_id());
  execution.started = true;
  execution.facts = TriggerFacts();
  const Surroundings around{settings_.region, settings_.function.name, settings_.services, settings_.all_kinds};
  recogniser_.recognise(event.payload(), around, execution.facts, carriers_);
  request_.clear();
  for (const auto& [name, value] : event.headers()) request_.put(name, value);
  execution.caller = caller_context(carriers_, request_, settings_.propagation);
  recogniser_.release(carriers_);
  request_.clear();
  execution.request.clear();
  if (settings_.capture_payloads)
    capture("function.request", event.payload(), settings_.capture_depth_max, execution.request);

  reply_of(execution.caller ? *execution.caller : TraceContext(), 0);
  settle(execution, false, event.now_ns());  // it may come last
  return reply_;
}

std::span<const sls_pair> Executions::context_of(std::string_view request_id) {
  const Execution* asked = request_id.empty() ? nullptr : find(request_id);
  std::size_t under_way = 0;
  for (const auto& each : open_) {
    if (!request_id.empty() || !each->started || each->closed) continue;
    asked = each.get();
    ++under_way;
  }
  if (asked == nullptr || under_way > 1) return {};
  return reply_of(asked->context(), asked->span_id);
}

// What is not known is left out.
std::span<const sls_pair> Executions::reply_of(const TraceContext& context, std::uint64_t span_id) {
  reply_.clear();
  const auto put = [this](std::size_t i, std::string_view name, std::string value) {
    reply_texts_[i] = std::move(value);
    reply_.push_back(sls::pair(name, reply_texts_[i]));
  };
  if (context.trace_id == 0) return reply_;
  put(0, "x-datadog-trace-id", std::to_string(context.trace_id));
  if (span_id != 0) put(1, "x-datadog-span-id", std::to_string(span_id));
  if (context.priority) put(2, "x-datadog-sampling-priority", std::to_string(*context.priority));
  if (const std::string* high = context.find("_dd.p.tid")) put(3, "x-datadog-tags", "_dd.p.tid=" + *high);
  return reply_;
}

void Executions::tracer_ended(const sls::Invocation& event) {
  Execution* known = find(event.request_id());
  if (known == nullptr && (event.request_id().empty() || is_over(event.request_id()))) return;
  Execution& execution = known != nullptr ? *known : of(event.request_id());
  if (execution.closed) return;
  take_end(execution, event.headers(), event.payload());
  execution.response.clear();
  if (settings_.capture_payloads)
    capture("function.response", event.payload(), settings_.capture_depth_max, execution.response);
  settle(execution, false, event.now_ns());
}

void Executions::done(const sls::Invocation& event) {
  Execution& execution = of(event.request_id());
  execution.invoked = execution.done = true;
  execution.status = event.status();
  execution.error_type = event.error_type();
  execution.start_ns = event.start_ns();
  execution.duration_ns = ns_of(event.duration_ms());
  const bool told = event.duration_ms() >= 0;
  if (!told && event.end_ns() > event.start_ns()) execution.duration_ns = event.end_ns() - event.start_ns();
  if (execution.function_arn.empty()) execution.function_arn = event.function_arn();
  settle(execution, false, event.now_ns());
  // A library that makes aws.lambda itself: its aws.lambda.load has arrived, or arrives later.
  if (!execution.started && cold_start_.trace_id != 0) cold_start_due_ = true;
}

void Executions::reported(const sls::Invocation& event) {
  for (const auto& each : open_)
    if (each->request_id == event.request_id()) settle(*each, true, event.now_ns());
  std::erase_if(open_, [&event](const auto& each) { return each->request_id == event.request_id(); });
  over_[next_over_++ % over_.size()] = event.request_id();
}

void Executions::shut_down(std::int64_t now_ns) {
  for (const auto& execution : open_) settle(*execution, true, now_ns);
  open_.clear();
  if (cold_start_.trace_id != 0) cold_start_due_ = true;
}

void Executions::settle(Execution& execution, bool at_the_latest, std::int64_t now_ns) {
  if (execution.closed || !execution.started || !execution.invoked) return;
  if (!at_the_latest && !(execution.done && execution.ended)) return;
  execution.closed = true;
  if (!complete(execution, now_ns)) return;
  ready_.push_back(std::move(execution));
  // What stays behind only says that this invocation is over.
  execution.request_id = ready_.back().request_id;
  execution.invoked = execution.started = execution.done = execution.closed = true;
}

// Ids and the error of an invocation that its tracer could not end. False: there is nothing to tell.
bool Executions::complete(Execution& execution, std::int64_t now_ns) const {
  const bool timed_out = execution.status == "timeout";
  const bool cut_off = timed_out || (!execution.ended && execution.done && !succeeded(execution));
  if (cut_off && settings_.cut_off_spans) {
    execution.error = true;
    if (execution.span_id == 0) execution.span_id = id_for(execution.request_id, "lambda");
    if (execution.trace_id() == 0) execution.of_tracer.trace_id = id_for(execution.request_id, "trace");
    if (execution.start_ns == 0) execution.start_ns = now_ns;
  }
  return execution.span_id != 0 && execution.trace_id() != 0;
}

void Executions::noted(std::string_view key, std::string_view value) {
  if (key == "runtime") settings_.function.runtime = value.substr(0, kRuntimeBytesMax);
}

void Executions::look_for_load(Span& span) {
  if (cold_start_.sent || settings_.function.managed) return;
  if (cold_start_.span_id == 0) cold_start_.span_id = id_for(first_request_id_, "cold_start");
  if (cold_start_.trace_id == 0) cold_start_.trace_id = span.trace_id;
  span.parent_id = cold_start_.span_id;
}

// What a library says of a durable function's execution on its aws.lambda.
void Executions::note_durable(const Span& span) const {
  const std::string_view request_id = span.tag("request_id");
  if (!note_ || request_id.empty() || span.tag("aws.durable.execution_id").empty()) return;
  for (const std::string_view key : {"aws.durable.execution_id", "aws.durable.execution_name",
                                     "aws.durable.first_invocation", "aws.durable.execution_status"})
    if (const std::string_view value = span.tag(key); !value.empty()) note_(request_id, key, value);
}

void Executions::see(Chunk& chunk, const Tracer& tracer) {
  for (Span& span : chunk.spans()) {
    if (span.name == kLoad) look_for_load(span);
    if (span.name == "aws.lambda") note_durable(span);
    if (span.resource != kPlaceholderResource) continue;
    Execution* execution = find(span.tag("request_id"));
    if (execution != nullptr && !execution->closed) take_placeholder(*execution, span, tracer.computed_stats);
  }
}

bool Executions::next(Chunk& chunk, Tracer& tracer) {
  tracer = Tracer();
  if (!ready_.empty()) {
    const Execution execution = std::move(ready_.front());
    ready_.erase(ready_.begin());
    ExecutionIds ids;
    ids.inferred[0] = id_for(execution.request_id, "inferred");
    ids.inferred[1] = id_for(execution.request_id, "wrapped");
    const bool first = execution.request_id == first_request_id_ && !cold_start_.sent && !settings_.function.managed;
    if (first) {
      cold_start_.span_id = id_for(execution.request_id, "cold_start");
      cold_start_.sent = cold_start_.told();
    }
    make_chunk(execution, settings_.function, ids, first && cold_start_.sent ? &cold_start_ : nullptr, chunk);
    if (first && !cold_start_.sent) {
      // The platform has not told of the start yet: it goes alone when it has.
      const Span& lambda = chunk.spans()[0];
      cold_start_.trace_id = lambda.trace_id;
      cold_start_.parent_id = lambda.parent_id;
      cold_start_due_ = true;
    }
    tracer.computed_stats = execution.computed_stats;
    return true;
  }
  if (!cold_start_due_ || cold_start_.sent || !cold_start_.told()) return false;
  cold_start_.sent = true;
  const ExecutedFunction& function = settings_.function;
  cold_start_.add_to(chunk, function.service.empty() ? "aws.lambda" : function.service,
                     function.name.empty() ? "aws.lambda" : function.name);
  return true;
}

std::uint64_t Executions::id_for(std::string_view request_id, std::string_view role) const {
  const auto digest = sls::Sha256().update(request_id).update("#").update(role).finish();
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | digest[i];
  out &= ~(std::uint64_t{1} << 63);
  return out == 0 ? 1 : out;
}

}  // namespace traces::invocation
