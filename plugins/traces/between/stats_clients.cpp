#include "between/stats_clients.hpp"

#include "between/ip_quantisation.hpp"
#include "in/client_stats.hpp"

namespace traces {
namespace {

// A tracer is older than the addresses that are hidden here.
void hide_addresses(std::vector<std::string_view>& tags, Arena& arena, std::string& scratch) {
  for (std::string_view& tag : tags) {
    const std::size_t colon = tag.find(':');
    if (colon == tag.npos) continue;
    scratch.assign(tag.substr(0, colon + 1));
    quantise_peer_address(tag.substr(colon + 1), scratch);
    if (scratch != tag) tag = arena.keep(scratch);
  }
}

void fill(std::string_view& out, std::string_view fallback) {
  if (out.empty()) out = fallback;
}

}  // namespace

bool StatsClients::take(std::string_view body, Tracer tracer) {
  if (!has_room(body.size())) return ++lost_full_, false;
  bytes_ += body.size();
  bodies_.push_back({std::string(body), std::move(tracer)});
  return true;
}

bool StatsClients::work(std::string_view env) {
  if (bodies_.empty()) return false;
  const Body body = std::move(bodies_.front());
  bodies_.pop_front();
  bytes_ -= body.bytes.size();
  Arena arena;
  std::string scratch;
  ClientStats stats = read_client_stats(body.bytes, arena);
  lost_malformed_ += stats.lost;
  std::size_t groups = 0;
  fill(stats.env, env);
  fill(stats.env, "unknown-env");
  fill(stats.language, body.tracer.language);
  fill(stats.tracer_version, body.tracer.version);
  fill(stats.container_id, body.tracer.container_id);
  for (ClientBucket& bucket : stats.buckets)
    for (ClientGroup& group : bucket.groups) {
      ++groups;
      trades_.apply(group, stats.language, arena);
      hide_addresses(group.peer_tags, arena, scratch);
    }
  if (groups == 0) return true;
  std::string encoded = encode_client_stats(stats);
  if (!has_room(encoded.size())) return lost_full_ += groups, true;
  bytes_ += encoded.size();
  encoded_.push_back(std::move(encoded));
  return true;
}

std::string StatsClients::next(const StatsSender& sender) {
  std::size_t count = 0, bytes = 0;
  while (count < encoded_.size() && (count == 0 || bytes + encoded_[count].size() <= kStatsPayloadBytesMax))
    bytes += encoded_[count++].size();
  if (count == 0) return {};
  std::string out;
  begin_stats_payload(out, sender, {.client_computed = true, .split = false, .clients = count});
  for (; count != 0; --count) {
    out.append(encoded_.front());
    bytes_ -= encoded_.front().size();
    encoded_.pop_front();
  }
  return out;
}

}  // namespace traces
