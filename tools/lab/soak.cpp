#include "lab/soak.hpp"

namespace lab {
namespace {

// SplitMix64.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % bound;
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <std::size_t N>
  const char* one_of(const char* const (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::uint64_t state_;
};

constexpr const char* kStrategies[] = {
    "end", "end", "end", "default", "end,1", "periodically,1", "periodically,60000", "continuously,1"};
constexpr const char* kFaults[] = {"refuse 500", "refuse 500",
                                   "refuse 503", "refuse 503 retry-after=1",
                                   "refuse 429", "refuse 429 retry-after=1",
                                   "refuse 408", "refuse 413",
                                   "refuse 403", "refuse 400",
                                   "refuse 302", "cut",
                                   "cut",        "half",
                                   "garbage",    "close-after",
                                   "endless",    "delay 30ms",
                                   "head-only",  "cut-body"};
constexpr const char* kSleeps[] = {"2s", "45s", "6m", "1h", "5h", "20h"};
// With a grain, since a strategy may ask for a flush every millisecond.
constexpr const char* kWhiles[] = {"200ms grain=10ms", "1s grain=50ms", "5s grain=200ms", "31s grain=1s",
                                   "5m grain=5s"};

class Session {
 public:
  explicit Session(std::uint64_t seed) : dice_(seed) {}

  std::string text() {
    step(std::string("env DD_SERVERLESS_FLUSH_STRATEGY=") + dice_.one_of(kStrategies));
    step("env DD_FLUSH_TIMEOUT=2");
    // Many at a time on a busy machine: how long an end may take is asked elsewhere.
    step("option shutdown-limit=8s function-limit=30s init-limit=30s");
    if (dice_.one_in(4)) step("option report=now");
    clocked_ = dice_.one_in(3);
    managed_ = dice_.one_in(8);
    if (managed_) step("option init-type=lambda-managed-instances");
    if (!managed_ && dice_.one_in(8)) step("option init-type=snap-start");
    // Its ticks while an invocation runs would make an hour long.
    if (clocked_) step("env DD_PLUGINS_DISABLED=metrics");
    step("init");
    if (!managed_ && dice_.one_in(8)) snapshot();
    const std::uint64_t events = 2 + dice_.below(7);
    for (std::uint64_t i = 0; i < events; ++i) event();
    if (down_) step("intake up");
    step("intake heal");
    step("shutdown");
    step("expect exit 0");
    step("expect accounts");
    return std::move(out_);
  }

 private:
  void step(const std::string& line) { out_ += line + "\n"; }

  void event() {
    switch (dice_.below(13)) {
      case 0: toggle_intake(); break;
      case 1:
      case 2: fault(); break;
      case 3: sleep(); break;
      case 4: end_of_process(); break;
      case 5:
        step("intake heal");
        down_ = false;
        break;
      case 6: clocked_ ? step(std::string("clock +") + dice_.one_of(kWhiles)) : invocation(); break;
      default: invocation(); break;
    }
  }

  void toggle_intake() {
    step(down_ ? "intake up" : "intake down");
    down_ = !down_;
  }

  void fault() {
    const std::string times = " times=" + std::to_string(1 + dice_.below(4));
    // Rarely, since it holds an invocation for its two seconds.
    if (dice_.one_in(25)) return step("intake hang path=/api/v2/logs times=1");
    step(std::string("intake ") + dice_.one_of(kFaults) + " path=/api/v2/logs" + times);
  }

  // The sandbox sleeps, and connections may die meanwhile.
  void sleep() {
    step("freeze");
    if (!down_ && dice_.one_in(2)) {
      step("intake down");
      step("intake up");
    }
    if (clocked_) {
      step(std::string("clock +") + dice_.one_of(kSleeps) + (dice_.one_in(4) ? " wall" : ""));
    } else {
      step("pause " + std::to_string(1 + dice_.below(20)) + "ms");
    }
    step("thaw");
  }

  void snapshot() {
    step("snapshot");
    down_ = false;
    if (clocked_) step(std::string("clock +") + dice_.one_of(kSleeps));
    step("restore");
  }

  void end_of_process() {
    if (dice_.one_in(3)) {
      step("telemetry settle");
      step("signal KILL");
    } else {
      step(dice_.one_in(2) ? "shutdown timeout" : "shutdown failure");
      step("expect exit 0");
    }
    step("init");
  }

  void invocation() {
    if (managed_) {
      const std::string lines = " lines=" + std::to_string(1 + dice_.below(4));
      return step("concurrent " + std::to_string(1 + dice_.below(5)) + lines + (dice_.one_in(2) ? " traced" : ""));
    }
    const std::string name = "i" + std::to_string(++invocations_);
    step("invoke id=" + name + " {");
    const bool traced = dice_.one_in(2);
    if (traced) step("tracer start");
    const std::uint64_t lines = dice_.one_in(20) ? 300 : 1 + dice_.below(5);
    for (std::uint64_t i = 0; i < lines; ++i) step("line \"" + name + "#" + std::to_string(i) + "\"");
    if (traced && !dice_.one_in(4)) step("tracer end");
    if (dice_.one_in(25)) return out_of_memory();
    if (dice_.one_in(6)) step("done status=error error=Runtime.Unknown");
    step("}");
  }

  // In the invocation that is open.
  void out_of_memory() {
    const bool agent_too = dice_.one_in(3);
    if (agent_too) step("telemetry settle");
    step(agent_too ? "oom agent" : "oom");
    if (!agent_too) step("expect exit 0");
    step("}");
    step("init");
  }

  Dice dice_;
  std::string out_;
  bool down_ = false, clocked_ = false, managed_ = false;
  int invocations_ = 0;
};

}  // namespace

std::string soak_session(std::uint64_t seed) { return Session(seed).text(); }

}  // namespace lab
