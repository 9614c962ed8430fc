// The metrics plugin without its door: packets and samples in, payloads out.
//
// Packets are read line by line into the aggregator; events and service checks wait beside it, encoded. A flush takes
// the aggregator away and begins another one, so that what comes meanwhile waits for the next flush and the old one is
// emptied in pieces, one payload at a time. It refuses to know the contract's calls, a socket or a clock. Called by
// plugin.cpp; what it hands out are the parts of a payload.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "out/series_json.hpp"
#include "wait.hpp"

namespace metrics {

inline constexpr std::size_t kEntriesPerPayloadMax = 1000;
inline constexpr std::size_t kPayloadBytesMax = 1 << 20;  // before compression; the intakes take 5 MB and 4 MB
inline constexpr std::size_t kPointsPerEntryMax = 64;     // further ones of a context are another entry
inline constexpr std::size_t kEventsMax = 1000;           // events and service checks that wait, each; and their bytes
inline constexpr std::size_t kEventBytesMax = 2 << 20;

enum class PayloadKind : std::uint8_t { kNone, kSeries, kSketches, kEvents, kChecks };

// The parts of a payload lie one behind the other.
struct Batch {
  struct Part {
    std::size_t end;
    std::uint64_t samples;
  };
  PayloadKind kind = PayloadKind::kNone;
  std::string prefix;  // of events
  std::string bytes;
  std::vector<Part> parts;
};

// What the settings say, made ready by plugin.cpp.
struct PipelineSettings {
  Enricher enricher;
  Histograms histograms;
  bool copy_histograms = false;  // each value of a histogram counts for a distribution, too
  SeriesForm form = SeriesForm::kProtobuf;
};

class Pipeline {
 public:
  explicit Pipeline(PipelineSettings settings) : settings_(std::move(settings)) {}

  void set_base_tags(BaseTags base);
  // The host's time; what was posted before the first one is told falls into its bucket.
  void tell_time(std::int64_t now_s);

  // Asked about lines named aws.lambda.enhanced.*: those that repeat what is counted here are not taken.
  void leave_out(std::function<bool(std::string_view name)> is_copy) { is_copy_ = std::move(is_copy); }

  void add_packet(std::string_view packet);
  // Of another plugin, or of this one: neither renamed nor filtered.
  void add_sample(const MetricLine& line);

  // The next payload of the flush; kNone: nothing more, the flush is over. `flush` tells one flush from another, since
  // one that was not finished is followed by the next. Valid until the next call.
  const Batch& next(std::int64_t flush);
  // What was lost since the last call.
  Losses take_losses() { return std::exchange(losses_, {}); }

  std::uint64_t received() const { return received_; }
  std::uint64_t pending_samples() const {
    return live_.samples() + leaving_.samples() + events_.size() + checks_.size();
  }
  std::uint64_t pending_bytes() const { return live_.bytes() + leaving_.bytes() + event_bytes_; }

 private:
  struct Waiting {
    std::string source_type, bytes;
  };
  struct Place {
    std::size_t context = 0, point = 0;
  };
  bool counted_already(const MetricLine& line);
  bool walk(PayloadKind kind, Place& at);
  void take_entry(PayloadKind kind, Context& context, Place& at);
  bool take_events();
  bool take_checks();
  void add_part(std::uint64_t samples) { batch_.parts.push_back({batch_.bytes.size(), samples}); }
  void hold(std::vector<Waiting>& where, Waiting what);

  PipelineSettings settings_;
  std::function<bool(std::string_view)> is_copy_;
  BaseTags base_;
  ProtobufForm protobuf_;
  PacketReader reader_;
  Aggregator live_, leaving_;
  std::vector<Waiting> events_, checks_;
  std::size_t event_bytes_ = 0;
  Place series_at_, sketches_at_;  // in `leaving_`
  std::int64_t flush_ = 0, now_s_ = 0;
  Batch batch_;
  std::vector<const Point*> points_;
  Losses losses_;
  std::uint64_t received_ = 0;
};

}  // namespace metrics
