// The telemetry receiver: one batch in, records with their request ids to the plugins, platform facts to the model.
//
// Answers 200 whatever came (the platform sends anything else again); what could not be used is counted. Called by
// net's server on the address that the subscription names.
#pragma once

#include "base/counters.hpp"
#include "lambda/telemetry_event.hpp"
#include "lifecycle/invocation_feed.hpp"
#include "plugin/plugin_set.hpp"
#include "routes/dispatch.hpp"

namespace agent {

class TelemetryRoute {
 public:
  TelemetryRoute(InvocationFeed& feed, PluginSet& plugins, Counters& counters, bool managed);

  void add_to(Dispatch& dispatch);
  // One body; 64 readable bytes lie behind it.
  void take(std::string_view body, Wall now);

 private:
  void attribute(TelemetryBatch& batch);
  void tell_facts(const TelemetryBatch& batch, Wall now);

  InvocationFeed& feed_;
  PluginSet& plugins_;
  Counters& counters_;
  bool managed_;
  TelemetryParser parser_;
  Counters::Handle records_total_, malformed_, unknown_types_, unreadable_bodies_, too_large_, lost_by_platform_;
};

}  // namespace agent
