// Crash and hang: the agent goes on as the same process, without the plugin at fault.
//
// A fatal signal, or the watchdog, ends the life: the handler notes who and where in the ResumeRecord, asks for the
// totals, lets the descriptors that matter come along, and runs the agent's own file again. Async-signal-safe calls
// only, on a stack of its own; a fault within it goes on without the totals, a third one is the end. It is not a way
// out for mistakes of ours: those outside a plugin's call count as the host's, and there are few of them.
//
// Called by agent/agent, once, before a plugin is opened. Sanitizers own these signals: with them nothing is installed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/resume_record.hpp"

namespace agent {

inline constexpr std::string_view kResumeVariable = "SLS_RESUME";

class Resume {
 public:
  // `environment`: entries "NAME=VALUE" that live as long as the process. Nullptr where nothing came before.
  static std::unique_ptr<const ResumeRecord> prepare(const std::string& own_file,
                                                     const std::vector<const char*>& environment);
  // The one record; always there, though without `prepare` (or a memfd) nobody will read it.
  static ResumeRecord& record();
  // Adds the totals to the record. Called in the signal handler: it reads and copies, no more.
  static void on_fault(void (*totals)(void* argument, ResumeRecord& record), void* argument);
  // Lets signals in that were held back while there was no handler for them.
  static void accept_signals();
};

// Of a plugin's file, new or known. kNoPlugin: the table is full.
std::uint32_t resume_row(std::string_view path);
void name_resume_row(std::uint32_t row, std::string_view id);
// It has ended a life so often that it stays out.
bool is_out(std::uint32_t row);
// "plugin x was ended by SIGSEGV in on_telemetry (its second fault …)", for the one ERROR.
std::string what_happened(const ResumeRecord& before);
// The host itself is at fault so often that it only asks for events from now on.
bool is_idle_only(const ResumeRecord& before);

// plugin/watchdog; `ended` is called in its signal handler when a call is not going to return.
void prepare_watchdog(void (*ended)());
void stop_watchdog();

}  // namespace agent
