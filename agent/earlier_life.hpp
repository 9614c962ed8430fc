// What one life of the process leaves to the next when the agent resumes itself (plugin/resume): to and from the flat
// record that survives.
//
// Translation only: the record's meaning is plugin/resume's, the order of a life is lifecycle/life's. Called by
// agent/agent.
#pragma once

#include <optional>

#include "base/counters.hpp"
#include "forward/ledger.hpp"
#include "invocation/invocations.hpp"
#include "lambda/event_next.hpp"
#include "lifecycle/life.hpp"
#include "plugin/plugin_set.hpp"
#include "plugin/resume.hpp"

namespace agent {

// The event that is being handled from now on.
void note_event(const NextEvent& event, ResumeRecord& record);
// The event that an earlier life was in the middle of.
std::optional<NextEvent> unfinished_event(const ResumeRecord& before);
House::Earlier earlier_of(const ResumeRecord& before);

// In a signal handler: these read and copy, no more.
void note_totals(const Counters& counters, const Ledger& ledger, const PluginSet& plugins, ResumeRecord& record);
void note_progress(const Invocations& invocations, ResumeRecord& record);
// Goes on counting where the earlier life ended. What had not been handed over is lost with the memory that it was in,
// and said in the one ERROR about the fault.
void restore_totals(const ResumeRecord& before, Counters& counters, Ledger& ledger);

}  // namespace agent
