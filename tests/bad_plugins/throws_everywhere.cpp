// Every call throws, but for the constructor and interests, without which it would not be called.
#include <sls/plugin.hpp>

struct ThrowsEverywhere {
  ThrowsEverywhere(sls::Host, const sls::Sandbox&) {}
  [[noreturn]] static void fail() { throw std::runtime_error("on purpose"); }
  void interests(sls::Interests& want) {
    want.records(sls::RecordKind::function, sls::RecordKind::start, sls::RecordKind::report);
    want.add_intake("bad", {{"https://intake.{site}", ""}});
    want.tick_every(std::chrono::milliseconds(100));
  }
  void on_sandbox(const sls::Sandbox&) { fail(); }
  void on_invocation(sls::Invocation) { fail(); }
  void on_telemetry(sls::Telemetry) { fail(); }
  std::span<sls_record> next_records() { fail(); }
  void on_sample(const sls::Sample&) { fail(); }
  void on_note(const sls::Note&) { throw 42; }
  void on_tick(std::int64_t) { fail(); }
  bool work() { fail(); }
  bool next_payload(const sls::Flush&, sls::Payload&) { fail(); }
  void on_delivery(const sls::Delivery&) { fail(); }
  sls::State state() { fail(); }
  const void* extension(std::string_view) { fail(); }
};
SLS_PLUGIN(ThrowsEverywhere, "throws-everywhere", "1.0.0", "Throws in every call.");
