// The least that a plugin can do with a batch: looks at each record's kind and counts.
#include <sls/plugin.hpp>

namespace {

struct Counting {
  Counting(sls::Host, const sls::Sandbox&) {}

  void on_telemetry(sls::Telemetry batch) {
    for (const sls::Record record : batch) lines_ += record.kind() == sls::RecordKind::function;
  }
  sls::State state() { return {.received = lines_}; }

 private:
  std::uint64_t lines_ = 0;
};

}  // namespace

SLS_PLUGIN(Counting, "bench-counting", "1.0.0", "Counts lines; measures what the door costs.");
