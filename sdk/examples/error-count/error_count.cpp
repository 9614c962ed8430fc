// Log to metric: counts the error lines of the customer's function and posts each count as a sample, which the metrics
// plugin ships. It keeps nothing, asks for nothing but the function's lines, and ships nothing itself.
#include <sls/plugin.hpp>

namespace {

class ErrorCount {
 public:
  ErrorCount(sls::Host host, const sls::Sandbox&) : host_(host) {}

  void on_telemetry(sls::Telemetry batch) {
    double errors = 0;
    for (sls::Record record : batch.of_kind(sls::RecordKind::function))
      if (record.text().contains("ERROR")) ++errors;
    if (errors > 0) host_.sample({"acme.log.errors", sls::count, errors});
  }

 private:
  sls::Host host_;
};

}  // namespace

SLS_PLUGIN(ErrorCount, "acme-error-count", "1.0.0", "Counts the error lines of the function.");
