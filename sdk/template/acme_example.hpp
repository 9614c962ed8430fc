// What this plugin does, what it refuses to do, and where its output goes: one paragraph, here.
//
// As it comes from the template: counts the lines of the function that contain a text, and posts the count as a sample,
// which the metrics plugin ships.
#pragma once

#include <sls/options.hpp>
#include <sls/plugin.hpp>

class AcmeExample {
 public:
  struct Options {
    std::string text;
    std::string metric;

    static constexpr auto rows() {
      return sls::rows(
          sls::row<&Options::text>("text", {.fallback = "ERROR", .about = "Lines that contain it are counted."}),
          sls::row<&Options::metric>("metric", {.fallback = "acme.lines", .about = "Name of the metric."}));
    }
  };

  AcmeExample(sls::Host host, const sls::Sandbox& sandbox) : host_(host) {
    auto [options, findings] = sls::read_options<Options>(sandbox);
    for (const std::string& finding : findings) host.warn(finding);
    options_ = std::move(options);
  }

  void on_telemetry(sls::Telemetry batch) {
    double lines = 0;
    for (sls::Record record : batch.of_kind(sls::RecordKind::function))
      if (record.text().contains(options_.text)) ++lines;
    if (lines > 0) host_.sample({options_.metric, sls::count, lines});
  }

 private:
  sls::Host host_;
  Options options_;
};
