#include "in/proc_sensors.hpp"

namespace metrics {

std::shared_ptr<const Reading> ProcSensors::read() {
  const auto out = std::make_shared<Reading>();
  out->network = proc_.network();
  out->cpu = proc_.cpu();
  out->uptime_ms = proc_.uptime_ms();
  return out;
}

void ProcSensors::begin(std::int64_t now_ns) {
  usage_.restart();
  usage_.run(now_ns);
}

}  // namespace metrics
