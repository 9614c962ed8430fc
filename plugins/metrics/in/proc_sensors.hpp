// What the enhanced metrics ask of the machine, and the one who answers from /proc.
//
// The interface keeps between/enhanced free of files, so that its tests need none. A reading is the state of counters
// at one moment; usage is what in/proc_usage has seen. Made by plugin.cpp, asked by between/enhanced.
#pragma once

#include <memory>
#include <optional>

#include "in/proc.hpp"
#include "in/proc_usage.hpp"

namespace metrics {

struct Reading {
  std::optional<NetworkBytes> network;
  std::optional<CpuTimes> cpu;
  std::optional<double> uptime_ms;
};

class Sensors {
 public:
  Sensors() = default;
  Sensors(const Sensors&) = delete;
  Sensors& operator=(const Sensors&) = delete;
  virtual ~Sensors() = default;

  virtual std::shared_ptr<const Reading> read() = 0;
  // From here on, peaks are those of another invocation.
  virtual void begin(std::int64_t now_ns) = 0;
  virtual void tick(std::int64_t now_ns) = 0;
  virtual Usage usage(std::int64_t now_ns) = 0;
};

class ProcSensors final : public Sensors {
 public:
  std::shared_ptr<const Reading> read() override;
  void begin(std::int64_t now_ns) override;
  void tick(std::int64_t now_ns) override { usage_.run(now_ns); }
  Usage usage(std::int64_t now_ns) override { return usage_.take(now_ns); }

 private:
  Proc proc_;
  UsageSampler usage_{proc_};
};

}  // namespace metrics
