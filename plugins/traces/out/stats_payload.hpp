// Buckets of statistics as the intake's StatsPayload (MessagePack).
//
// A body holds at most kStatsPayloadGroupsMax groups and about kStatsPayloadBytesMax; what is more goes into further
// ones, and then each says so. A body cannot be cut in two, since it begins with counts. It refuses to change anything.
// Called by the door
// at flush, and by stats_clients.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "between/stats.hpp"
#include "in/client_stats.hpp"

namespace traces {

inline constexpr std::size_t kStatsPayloadGroupsMax = 4000;
inline constexpr std::size_t kStatsPayloadBytesMax = 3 << 20;

struct StatsSender {
  std::string_view env, agent_version;
};

std::vector<std::string> encode_statistics(const std::vector<StatsBucket>& buckets,
                                           const std::vector<StatsOrigin>& origins, const StatsSender& sender);

// One element of a payload, by a tracer; complete, so that they can stand one behind the other.
std::string encode_client_stats(const ClientStats& stats);

// One group of either, appended. The lists that only tracers fill are left out where nothing can be in them.
enum class TagsOfClients : std::uint8_t { kLeftOut, kWritten };
void put_group(std::string& out, const ClientGroup& group, TagsOfClients tags);

struct StatsPayloadHead {
  bool client_computed = false, split = false;
  std::size_t clients = 0;
};
// `clients` elements must follow.
void begin_stats_payload(std::string& out, const StatsSender& sender, const StatsPayloadHead& head);

}  // namespace traces
