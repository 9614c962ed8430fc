// The agent: wiring only. Builds the rooms in order, starts them, tears them down backwards. No decisions.
//
// The order of a life is lifecycle/life; this class does its steps: settings and plugins while register's answer is on
// the way, then the sandbox and the receiver, doors and forwarder while the subscription's answer is, and the loop.
// What cannot be had is switched off with one ERROR; nothing here ends the process.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/counters.hpp"
#include "config/settings.hpp"
#include "forward/forwarder.hpp"
#include "lambda/extensions_api.hpp"
#include "lambda/sandbox.hpp"
#include "lifecycle/background.hpp"
#include "lifecycle/flush_run.hpp"
#include "lifecycle/invocation_feed.hpp"
#include "lifecycle/life.hpp"
#include "lifecycle/lifecycle_loop.hpp"
#include "net/offload.hpp"
#include "net/task.hpp"
#include "plugin/plugin_set.hpp"
#include "plugin/resume.hpp"
#include "routes/plugin_routes.hpp"
#include "routes/telemetry_route.hpp"

namespace agent {

class Agent : private House {
 public:
  // `own_file`: absolute path of the executable: its name is the extension's, plugins lie beside it.
  Agent(std::string own_file, Now process_start);
  ~Agent() override;

  // Lives until SHUTDOWN or a signal. The process's exit code.
  int run();

 private:
  Earlier earlier() override;
  void load() override;
  void build(const RegisterAnswer& registration) override;
  Result<std::string> subscription() override;
  void open() override;
  LifecycleLoop& begin(const Status& subscribed) override;
  void end() override;

  void go_on_with(const ResumeRecord& before);
  void report_findings();
  void report_unknown_plugins(std::string_view key, const std::vector<std::string>& listed,
                              const std::vector<std::string>& names);
  void create_plugins();
  void open_doors();
  void build_forwarder();
  LifecycleOptions lifecycle_options(bool telemetry);
  void end_by_signal(int signal);
  std::string status();

  std::string own_file_;
  Now process_start_;
  std::unique_ptr<const ResumeRecord> earlier_;  // of this process, where it has resumed itself
  bool managed_ = false, snapshot_ = false;
  int exit_code_ = 0;
  Nanos start_took_{};
  std::string telemetry_state_ = "not subscribed";

  Loop loop_;
  Counters counters_;
  Sources::Environment environment_;  // until the sources have it
  Findings findings_;
  std::optional<Sources> sources_;
  Resolved host_values_;
  Settings settings_;
  std::optional<ExtensionsApi> api_;
  PluginSet plugins_;
  std::optional<Sandbox> sandbox_;
  Ledger ledger_;
  Offload offload_;
  std::optional<Forwarder> forwarder_;
  std::optional<InvocationFeed> feed_;
  std::optional<FlushRun> flushes_;
  std::optional<TelemetryRoute> telemetry_;
  std::optional<Doors> doors_;
  Dispatch receiver_routes_;
  std::optional<HttpServer> receiver_;
  std::optional<Background> background_;
  std::optional<LifecycleLoop> lifecycle_;
};

}  // namespace agent
