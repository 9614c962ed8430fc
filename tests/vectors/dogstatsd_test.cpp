// Subject dogstatsd: {packet, expect: {metrics, events, service_checks, rejected_lines?} or {error: true}}; what the
// reader makes of one packet, in the order of its lines; `config` holds a namespace.
#include "between/metric_names.hpp"
#include "in/packet.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::array;
using vectors::json::object;
using vectors::json::value;

struct Found {
  array metrics, events, checks;
  std::int64_t rejected = 0;
};

array tags_of(std::string_view tags) {
  array out;
  metrics::for_each_tag(tags, [&out](std::string_view tag) { out.emplace_back(value(std::string(tag))); });
  return out;
}

value text(std::string_view bytes) { return value(std::string(bytes)); }

object metric_of(const metrics::MetricLine& line) {
  static constexpr const char* kSymbols[] = {"c", "g", "d", "h", "ms", "s"};
  array values;
  for (const double each : line.values) values.emplace_back(each);
  if (line.type == metrics::MetricType::kSet) values.emplace_back(text(line.member));
  return {{"name", text(line.name)},    {"type", kSymbols[static_cast<int>(line.type)]},
          {"values", values},           {"sample_rate", line.rate},
          {"tags", tags_of(line.tags)}, {"timestamp", line.time_s}};
}

object event_of(const metrics::EventLine& line) {
  return {{"title", metrics::unescaped(line.title)},
          {"text", metrics::unescaped(line.text)},
          {"timestamp", line.time_s},
          {"host", text(line.host)},
          {"aggregation_key", text(line.aggregation_key)},
          {"priority", text(line.priority)},
          {"source_type", text(line.source_type)},
          {"alert_type", text(line.alert_type)},
          {"tags", tags_of(line.tags)}};
}

object check_of(const metrics::CheckLine& line) {
  return {{"name", text(line.name)}, {"status", std::int64_t{line.status}}, {"timestamp", line.time_s},
          {"host", text(line.host)}, {"message", text(line.message)},       {"tags", tags_of(line.tags)}};
}

Found read(std::string_view packet, const metrics::Namespace& with = {}) {
  Found out;
  metrics::PacketReader reader;
  reader.open(packet);
  for (;;) {
    switch (reader.next()) {
      case metrics::LineKind::kMetric: {
        metrics::MetricLine line = reader.metric();
        std::string name(line.name);
        with.apply(name);
        line.name = name;
        out.metrics.emplace_back(metric_of(line));
        break;
      }
      case metrics::LineKind::kEvent: out.events.emplace_back(event_of(reader.event())); break;
      case metrics::LineKind::kCheck: out.checks.emplace_back(check_of(reader.check())); break;
      case metrics::LineKind::kBad: ++out.rejected; break;
      case metrics::LineKind::kEnd: return out;
    }
  }
}

metrics::Namespace namespace_of(const object& one) {
  const value* config = one.if_contains("config");
  if (config == nullptr) return {};
  const std::string text(config->at("DD_STATSD_METRIC_NAMESPACE").as_string());
  return metrics::Namespace::usable(text) ? metrics::Namespace(text, {"jvm"}) : metrics::Namespace();
}

void judge(const object& one) {
  const std::string packet(one.at("packet").as_string());
  const Found found = read(packet, namespace_of(one));
  const object& expect = one.at("expect").as_object();
  if (expect.contains("error")) {
    EXPECT_EQ(found.rejected, 1);
    EXPECT_TRUE(found.metrics.empty() && found.events.empty() && found.checks.empty());
    return;
  }
  EXPECT_EQ(found.metrics, expect.at("metrics"));
  EXPECT_EQ(found.events, expect.at("events"));
  EXPECT_EQ(found.checks, expect.at("service_checks"));
  const value* rejected = expect.if_contains("rejected_lines");
  EXPECT_EQ(found.rejected, rejected == nullptr ? 0 : rejected->as_int64());
}

TEST(DogstatsdVectors, AreReadAsTheProjectsOwnCasesSay) { vectors::run_own("dogstatsd", judge); }
TEST(DogstatsdVectors, AreReadAsTheSharedCasesSay) { vectors::run_shared("dogstatsd", judge); }

}  // namespace
