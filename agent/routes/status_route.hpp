// GET /status: what this agent is, what it has been told, and where every item has gone. One JSON object.
//
// version, plugins with their state, doors, settings with their origins (secrets hidden), ledger, counters, flush
// history, endpoints. Also what ./dev run and the tests read the ledger from. Reads everything, changes nothing.
#pragma once

#include <functional>
#include <string>

#include "config/settings.hpp"
#include "forward/forwarder.hpp"
#include "lifecycle/flush_run.hpp"
#include "lifecycle/invocation_feed.hpp"
#include "plugin/plugin_set.hpp"
#include "routes/dispatch.hpp"
#include "routes/plugin_routes.hpp"

namespace agent {

struct StatusSources {
  const Resolved& host_values;
  PluginSet& plugins;
  Doors& doors;
  const InvocationFeed& feed;
  const FlushRun& flushes;
  const Forwarder& forwarder;
  const Ledger& ledger;
  const Counters& counters;
  Wall process_start{};
  std::string telemetry;  // "accepted", or why not
  Nanos start_took{};     // main to first /next
};

std::string status_json(const StatusSources& sources);

// GET /status, answered with what `json` says.
void add_status_route(Dispatch& dispatch, std::function<std::string()> json);

// Ledger lines of all plugins that state their accounts.
std::vector<LedgerLine> ledger_lines(PluginSet& plugins, const Ledger& ledger);

}  // namespace agent
