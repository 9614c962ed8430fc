// The open invocations and their legal transitions: a pure model, no clock, no socket.
//
// Each fact goes in by one function, which appends to `steps` what the plugins are to be told now: INVOKE, DONE and
// REPORTED in this order per request id whatever order the facts came in; TRACER_START and TRACER_END as they come,
// since the tracer waits for its answer. A fact that comes twice is told once. A lost fact holds nothing up for ever:
// a report whose runtimeDone is missing waits until a later invocation is done, or SHUTDOWN, then DONE is told from
// the report; at SHUTDOWN a platform.start without INVOKE counts as one.
//
// A record closes when its report was told, when it is the oldest of more than kInvocationsMax, or at shutdown.
// Written by lifecycle_loop, routes/tracer_routes and routes/telemetry_route; read by lifecycle_loop ("is it done?").
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "invocation/invocation.hpp"
#include "sls/plugin.h"

namespace agent {

// One thing to tell: SLS_INVOKE, SLS_DONE, …, with the record as it is. Valid until the next call of Invocations.
struct InvocationStep {
  std::uint32_t event = 0;
  const Invocation* invocation = nullptr;
};
using InvocationSteps = std::vector<InvocationStep>;

class Invocations {
 public:
  // `process_start`: an environment whose first INVOKE comes more than 10 s after it was initialised (restored, for a
  // snapshot) was initialised proactively. `managed`: a platform.start is the invoke, a report is the runtimeDone.
  Invocations(Wall process_start, bool managed);

  // INVOKE of /next. The same id after it was done is a retry of the platform: a new record.
  void invoke(std::string_view request_id, std::string_view function_arn, Wall deadline, Wall now,
              InvocationSteps& steps);

  // Invocations have been told to an earlier life of the process: none that comes is the first.
  void continue_earlier() { any_invoked_ = true; }

  // start- and end-invocation. Without a request id: the newest record whose call is still missing (without ids
  // invocations do not overlap); a start before its INVOKE waits, nameless, for the next id.
  void tracer_start(std::string_view request_id, TracerCall call, InvocationSteps& steps);
  void tracer_end(std::string_view request_id, TracerCall call, bool error, InvocationSteps& steps);

  // platform.start, runtimeDone, report, restoreStart.
  void started(std::string_view request_id, std::string_view version, Wall at, InvocationSteps& steps);
  void done(std::string_view request_id, const DoneFacts& facts, Wall at, InvocationSteps& steps);
  void reported(std::string_view request_id, const ReportFacts& facts, Wall at, InvocationSteps& steps);
  void restore_started(Wall at) { restored_at_ = at; }

  // The sandbox is made from a snapshot: until its restore is told, a first INVOKE is a cold start however late.
  void expect_restore() { snapshot_ = true; }

  // Lets the oldest kept payloads go until they fit kInvocationPayloadBytesMax. After the steps were told.
  void trim_payloads();

  // Closes every record; `reason` (timeout, failure) becomes the status of those that were running.
  void shut_down(std::string_view reason, Wall now, InvocationSteps& steps);

  const Invocation* find(std::string_view request_id) const { return lookup(request_id); }
  bool is_done(std::string_view request_id) const;  // or no longer open
  bool any_running() const;                         // invoked, not done
  std::size_t open() const { return open_.size(); }
  std::string_view newest_running() const;      // its request id; empty: none
  std::uint64_t seen() const { return seen_; }  // invocations of this sandbox
  std::uint64_t evicted() const { return evicted_; }
  std::uint64_t tracer_ends() const { return tracer_ends_; }  // end-invocations so far

 private:
  using Record = std::unique_ptr<Invocation>;

  Invocation* lookup(std::string_view request_id) const;
  Invocation& ensure(std::string_view request_id);
  Invocation* for_fact(std::string_view request_id);
  Invocation& for_tracer(std::string_view request_id, TracerCall Invocation::*call);
  void mark_invoked(Invocation& record, Wall at);
  void keep(Invocation& record, TracerCall Invocation::*call, TracerCall&& value);
  void settle(Invocation& record, InvocationSteps& steps);
  void settle_older_than(const Invocation& record, InvocationSteps& steps);
  void settle_and_close(Invocation& record, InvocationSteps& steps);
  void close(std::vector<Record>::iterator at);
  bool closed_lately(std::string_view request_id) const;

  Wall process_start_;
  Wall restored_at_{};
  bool managed_, snapshot_ = false;
  bool any_invoked_ = false;
  std::uint64_t seen_ = 0, evicted_ = 0, tracer_ends_ = 0;
  std::size_t payload_bytes_ = 0;
  std::vector<Record> open_;                // oldest first
  std::vector<Record> closed_;              // what the last transition's steps may still point at
  std::array<std::string, 64> closed_ids_;  // late facts about these are old news
  std::size_t next_closed_id_ = 0;
};

}  // namespace agent
