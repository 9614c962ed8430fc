// Subject dogstatsd: {packet, expect: {metrics, events, service_checks, rejected_lines?} or {error: true}}; what the
// reader makes of one packet, in the order of its lines. Cases with a `config` are judged where the setting is applied.
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

Found read(std::string_view packet) {
  Found out;
  metrics::PacketReader reader;
  reader.open(packet);
  for (;;) {
    switch (reader.next()) {
      case metrics::LineKind::kMetric: out.metrics.emplace_back(metric_of(reader.metric())); break;
      case metrics::LineKind::kEvent: out.events.emplace_back(event_of(reader.event())); break;
      case metrics::LineKind::kCheck: out.checks.emplace_back(check_of(reader.check())); break;
      case metrics::LineKind::kBad: ++out.rejected; break;
      case metrics::LineKind::kEnd: return out;
    }
  }
}

void judge(const object& one) {
  if (one.contains("config")) return;
  const std::string packet(one.at("packet").as_string());
  const Found found = read(packet);
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
