// What a run or a load came to, in numbers: for the summary on the terminal and for `--json`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lab/ledger_view.hpp"
#include "lab/live_view.hpp"
#include "lab/sandbox.hpp"

namespace lab {

struct Figures {
  InitOutcome init;
  Memory memory_at_start, memory_at_end;
  std::map<std::string, unsigned> invocations;  // by status
  std::vector<double> function_ms, held_ms;     // per invocation; held: from the answer to the agent's next /next
  double agent_cpu_ms = 0;                      // init excluded, SHUTDOWN excluded
  unsigned agent_late = 0, agent_crashes = 0;
  std::vector<LedgerRow> ledger;  // just before SHUTDOWN
  bool has_status = false;
  std::vector<std::string> last_words;  // of the agent about its ledger, when it ends: "logs: received 3 = …"
  Intake::Counts intake, intake_before_shutdown;
  TelemetryApi::Counts telemetry;
  ShutdownOutcome shutdown;

  unsigned invocations_total() const;
};

double quantile(std::vector<double> values, double q);  // 0 where there are none
json::object as_json(const Figures& figures);
void print_summary(const Terminal& terminal, const Figures& figures, const LiveView::Counts* lines);

}  // namespace lab
