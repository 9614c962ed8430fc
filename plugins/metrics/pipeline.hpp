// The metrics plugin without its door: packets and samples in, payloads out.
//
// Packets are read line by line into the aggregator; events and service checks wait beside it, encoded. A flush walks
// the contexts once, so that what comes meanwhile waits for the next one. It refuses to know the contract's calls, a
// socket or a clock. Called by plugin.cpp; what it hands out are the parts of a payload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "out/series.hpp"
#include "wait.hpp"

namespace metrics {

inline constexpr std::size_t kEntriesPerPayloadMax = 1000;
inline constexpr std::size_t kPayloadBytesMax = 4 << 20;  // before compression; the intakes take 5 MB and 4 MB
inline constexpr std::size_t kEventsMax = 1000;           // events and service checks that wait, each; and their bytes
inline constexpr std::size_t kEventBytesMax = 2 << 20;

enum class PayloadKind : std::uint8_t { kNone, kSeries, kSketches, kEvents, kChecks };

struct EncodedPart {
  std::string bytes;
  std::uint64_t samples;
};
struct Batch {
  PayloadKind kind = PayloadKind::kNone;
  std::string prefix;  // of events
  std::vector<EncodedPart> parts;
};

class Pipeline {
 public:
  // Tags that everything carries, "k:v".
  void set_base_tags(std::vector<std::string> tags);

  void add_packet(std::string_view packet, std::int64_t now_s);
  void add_sample(const MetricLine& line, std::int64_t now_s);

  // The next payload of the running flush; kNone: nothing more, the flush is over.
  Batch next();
  // What was lost since the last call.
  Losses take_losses() { return std::exchange(losses_, {}); }

  std::uint64_t received() const { return received_; }
  std::uint64_t pending_samples() const { return aggregator_.samples() + events_.size() + checks_.size(); }
  std::uint64_t pending_bytes() const { return aggregator_.bytes() + event_bytes_; }

 private:
  struct Waiting {
    std::string source_type, bytes;
  };
  bool walk(PayloadKind kind, std::size_t& at, Batch& out);
  bool take_events(Batch& out);
  bool take_checks(Batch& out);
  void hold(std::vector<Waiting>& where, Waiting what);

  BaseTags base_;
  PacketReader reader_;
  Aggregator aggregator_;
  std::vector<Waiting> events_, checks_;
  std::size_t event_bytes_ = 0;
  std::size_t series_at_ = 0, sketches_at_ = 0;  // where the running flush stands
  Losses losses_;
  std::uint64_t received_ = 0;
};

}  // namespace metrics
