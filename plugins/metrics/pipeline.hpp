// The metrics plugin without its door: packets and samples in, encoded series out.
//
// Packets are counted and not yet read: each flush ships how many came as one count series. Samples that other plugins
// post become count and gauge series. It refuses to know the contract's calls, a socket or a clock.
//
// Called by plugin.cpp; what it hands out are the parts of a payload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wait.hpp"

namespace metrics {

inline constexpr std::string_view kPacketsMetric = "datadog.serverless_agent.dogstatsd.packets";
inline constexpr std::size_t kNameBytesMax = 350;  // the intake refuses longer names
inline constexpr std::size_t kTagsMax = 100;       // and more tags
inline constexpr std::size_t kTagBytesMax = 200;   // and longer ones
inline constexpr std::size_t kSeriesPerPayloadMax = 1000;

enum class Taken : std::uint8_t { kYes, kInvalid, kUnsupported, kFull };
enum class SampleKind : std::uint8_t { kCount, kGauge, kDistribution };

struct EncodedSeries {
  std::string bytes;
  std::uint64_t items;
};

class Pipeline {
 public:
  // Tags that every series carries, "k:v".
  void set_base_tags(std::vector<std::string> tags) { base_tags_ = std::move(tags); }

  void add_packets(std::uint64_t count);
  // A name or value that the intake would refuse is invalid; distributions are not supported yet.
  Taken add_sample(std::string_view name, SampleKind kind, double value, std::vector<std::string> tags);

  // The next payload's series; empty: nothing waits.
  std::vector<EncodedSeries> next(std::int64_t now_ns);

  std::uint64_t received() const { return received_; }
  std::uint64_t pending_items() const { return packets_ + contexts_.items(); }
  std::uint64_t pending_bytes() const { return contexts_.bytes(); }

 private:
  std::vector<std::string> base_tags_;
  Contexts contexts_;
  std::uint64_t packets_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace metrics
