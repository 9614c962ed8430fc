// DogStatsD, protocol 1.0 to 1.6: one packet into metrics, events and service checks, as views into its bytes.
//
// A line that cannot be read costs that line only. Nothing is allocated per line, but that the values of a packed line
// lie in a vector which is used again. It refuses to know contexts, limits of the intake and what the values mean: a
// number that is not finite comes out as it is. The origin fields (c:, e:, card:) are read by nobody in a sandbox with
// one function and are passed over; so is every field that is not known.
//
// Called by pipeline for each packet; what it finds goes into the aggregator.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

enum class MetricType : std::uint8_t { kCount, kGauge, kDistribution, kHistogram, kTiming, kSet };

struct MetricLine {
  std::string_view name;
  MetricType type = MetricType::kCount;
  std::span<const double> values;  // empty for a set; until the next line
  std::string_view member;         // of a set: the value as it came
  double rate = 1;                 // as it came: may be 0, negative or above 1
  std::string_view tags;           // as they came, between '#' and the next '|'
  std::int64_t time_s = 0;         // 0: none
};

struct EventLine {
  std::string_view title, text;  // "\n" still as two characters, see unescaped()
  std::int64_t time_s = 0;       // 0: none
  std::string_view host, aggregation_key, source_type, tags;
  std::string_view priority = "normal", alert_type = "info";
};

struct CheckLine {
  std::string_view name;
  std::uint8_t status = 0;
  std::int64_t time_s = 0;  // 0: none
  std::string_view host, message, tags;
};

enum class LineKind : std::uint8_t { kMetric, kEvent, kCheck, kBad, kEnd };

class PacketReader {
 public:
  void open(std::string_view packet) { rest_ = packet; }
  // The next line that is not empty; kBad: it cannot be read. What it was is in metric(), event() or check(), until
  // the next call.
  LineKind next();
  const MetricLine& metric() const { return metric_; }
  const EventLine& event() const { return event_; }
  const CheckLine& check() const { return check_; }

 private:
  bool read_metric(std::string_view line);
  bool read_values(std::string_view values);

  std::string_view rest_;
  MetricLine metric_;
  EventLine event_;
  CheckLine check_;
  std::vector<double> values_;
};

// The pieces of a tag list that are not empty, one call of `visit` for each.
template <class Visit>
void for_each_tag(std::string_view tags, Visit&& visit) {
  while (!tags.empty()) {
    const std::size_t comma = tags.find(',');
    if (comma != 0) visit(tags.substr(0, comma));
    if (comma == tags.npos) return;
    tags.remove_prefix(comma + 1);
  }
}

// The two characters "\n" of an event's title and text as a newline.
std::string unescaped(std::string_view text);

}  // namespace metrics
