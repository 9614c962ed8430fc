// All invocations that are under way, and what becomes of them: the spans of an invocation whose tracer calls start-
// and end-invocation, and the cold start of the sandbox.
//
// State is per request id and nothing else, so that invocations that run at once never mix; at most kExecutionsMax, the
// oldest goes, those first of which only a tracer has told. An INVOKE for an id that is done is a retry of the platform
// and begins anew; what comes again of an invocation that is over makes no second chunk. The calls may come in any
// order, any of them may be missing: the chunk is made when runtimeDone and, where a start was seen, the tracer's end
// were both there; at the latest at the platform's report or at SHUTDOWN. An invocation without start-invocation
// belongs to a library that makes its spans itself: only the cold start is added. It draws no random numbers: ids are
// hashes of the request's id, so that a restored snapshot does not repeat them.
//
// Called by the door and by pipeline (see); its chunks go through the trades as a tracer's do.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arrivals.hpp"
#include "cold_start.hpp"
#include "execution.hpp"
#include "execution_chunk.hpp"
#include "propagation.hpp"
#include "recogniser.hpp"
#include "sls/views.hpp"
#include "span.hpp"
#include "tracer.hpp"

namespace traces::invocation {

inline constexpr std::size_t kExecutionsMax = 500;  // as many as the host knows
inline constexpr std::size_t kOverRemembered = 64;  // of what is over; the host's number

struct ExecutionSettings {
  Propagation propagation;
  ServiceNames services;
  ExecutedFunction function;
  std::string region;
  bool all_kinds = false;
  bool capture_payloads = false;
  unsigned capture_depth_max = 10;
  bool cut_off_spans = true;  // of invocations that ended without the tracer's end: time-outs, crashes, out of memory
};

class Executions : public Arrivals {
 public:
  // `note`: tells the other plugins a fact about an invocation.
  using Noting = std::function<void(std::string_view request_id, std::string_view key, std::string_view value)>;
  explicit Executions(ExecutionSettings settings, Noting note = {})
      : settings_(std::move(settings)), note_(std::move(note)) {}

  void invoked(const sls::Invocation& event);
  // What the tracer is to be told: the caller's context, if there is one. Until the next call.
  std::span<const sls_pair> tracer_started(const sls::Invocation& event);
  // The context of that invocation, else of the only one that is under way: the caller's, else what its tracer has
  // told of itself. Empty where there is none, and where it is not clear which is meant. Until the next call.
  std::span<const sls_pair> context_of(std::string_view request_id);
  void tracer_ended(const sls::Invocation& event);
  void done(const sls::Invocation& event);
  void reported(const sls::Invocation& event);
  void shut_down(std::int64_t now_ns);

  // A fact that another plugin has found out: `runtime`, the name of the function's runtime. Others are nobody's here.
  void noted(std::string_view key, std::string_view value);

  // Of what the platform tells, that which is about the sandbox's start.
  void platform_told(const sls::Record& record) { cold_start_.take(record); }

  // A tracer's chunk, before the trades: placeholders give their tags, aws.lambda.load gets its parent.
  void see(Chunk& chunk, const Tracer& tracer) override;

  // Makes the next chunk that is ready. False: none is.
  bool next(Chunk& chunk, Tracer& tracer);

  std::size_t open() const { return open_.size(); }

 private:
  Execution& of(std::string_view request_id);
  Execution& begin(std::string_view request_id);
  Execution* find(std::string_view request_id) const;
  bool is_over(std::string_view request_id) const;
  void make_room();
  // Makes a chunk of it later, if it is time and there is something to tell.
  void settle(Execution& execution, bool at_the_latest, std::int64_t now_ns);
  bool complete(Execution& execution, std::int64_t now_ns) const;
  std::span<const sls_pair> reply_of(const TraceContext& context, std::uint64_t span_id);
  void look_for_load(Span& span);
  void note_durable(const Span& span) const;
  std::uint64_t id_for(std::string_view request_id, std::string_view role) const;

  ExecutionSettings settings_;
  Noting note_;
  Recogniser recogniser_;
  Carriers carriers_;
  Carrier request_;
  std::vector<std::unique_ptr<Execution>> open_;  // oldest first
  std::vector<Execution> ready_;                  // a chunk is to be made of each
  ColdStart cold_start_;
  std::array<std::string, kOverRemembered> over_;  // request ids that were reported lately
  std::size_t next_over_ = 0;
  bool cold_start_due_ = false;  // alone: the invocation that it belongs to is over
  std::string first_request_id_;
  std::string reply_texts_[4];
  std::vector<sls_pair> reply_;
};

}  // namespace traces::invocation
