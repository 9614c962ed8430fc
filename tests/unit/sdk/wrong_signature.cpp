// Does not compile: the test reads the message.
#include <sls/plugin.hpp>

struct Wrong {
  Wrong(sls::Host, const sls::Sandbox&) {}
#if defined(WRONG_ARGUMENT)
  void on_telemetry(int) {}
#elif defined(WRONG_RESULT)
  int work() { return 0; }
#else
 private:
  void on_tick(std::int64_t) {}
#endif
};
SLS_PLUGIN(Wrong, "wrong", "1.0.0", "Has a slot with a wrong signature.");
