// The whole life of the process as one coroutine: register, load meanwhile, build, subscribe, open meanwhile, live,
// end.
//
// It knows the order and nothing of the rooms; the house (agent/agent) does each step. What fails after registration
// leaves the idle loop: events are asked for until SHUTDOWN, so that the customer's function lives.
#pragma once

#include <string>

#include "lambda/extensions_api.hpp"
#include "lifecycle/lifecycle_loop.hpp"
#include "net/task.hpp"

namespace agent {

// The steps of a life, in the order in which they are called, on the loop.
class House {
 public:
  virtual ~House() = default;
  // What an earlier life of this process has left behind.
  struct Earlier {
    bool asked = false;       // register was sent
    bool registered = false;  // and answered
    bool idle_only = false;   // the agent itself has failed too often
    RegisterAnswer registration;
  };
  virtual Earlier earlier() = 0;
  // register has been sent: settings and plugins, while its answer is on the way.
  virtual void load() = 0;
  // The sandbox is known: the plugins are created.
  virtual void build(const RegisterAnswer& registration) = 0;
  // Opens the telemetry receiver. The body of the subscription (empty: an earlier life has subscribed), or why there is
  // none.
  virtual Result<std::string> subscription() = 0;
  // The subscription has been sent: doors and forwarder, while its answer is on the way.
  virtual void open() = 0;
  // The loop to run. `subscribed` says why there is no telemetry, where there is none.
  virtual LifecycleLoop& begin(const Status& subscribed) = 0;
  // Everything that could be delivered has been.
  virtual void end() = 0;
};

// Starts the life; when it is over the loop is stopped and `exit_code` is set: 1 when registration failed, else 0.
void run_life(Loop& loop, ExtensionsApi& api, House& house, bool managed, int& exit_code);

}  // namespace agent
