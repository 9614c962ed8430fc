// Statistics that a tracer has computed itself (`/v0.6/stats`): one MessagePack body as values.
//
// Texts are views into the body, or into the arena where they were no UTF-8; the two sketches stay the bytes that they
// are. A group that is not usable costs itself, bytes that are no MessagePack the rest. It refuses to judge what is
// said. Called by stats_clients.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "arena.hpp"

namespace traces {

inline constexpr std::size_t kClientGroupsMax = 8192;  // of a body; groups and buckets beyond are dropped and counted
inline constexpr std::size_t kClientTagsMax = 256;     // of a list of tags; the rest of it is left out

struct ClientGroup {
  std::string_view service, name, resource, type, db_type, span_kind, grpc_status, http_method, http_endpoint,
      service_source, ok_summary, error_summary;
  std::uint64_t hits = 0, errors = 0, duration_ns = 0, top_level_hits = 0, http_status = 0, trace_root = 0;
  bool synthetics = false;
  std::vector<std::string_view> peer_tags, primary_tags, metric_tags;
};

struct ClientBucket {
  std::uint64_t start_ns = 0, duration_ns = 0;
  std::vector<ClientGroup> groups;
};

struct ClientStats {
  std::string_view env, version, service, language, tracer_version, runtime_id, container_id, commit, image_tag,
      process_tags;
  std::uint64_t sequence = 0, process_tags_hash = 0;
  std::vector<std::string_view> tags;
  std::vector<ClientBucket> buckets;
  std::uint64_t lost = 0;  // groups and buckets that are not usable; 1 for the broken rest
};

// False: it is no map.
bool is_client_stats(std::string_view body);
ClientStats read_client_stats(std::string_view body, Arena& arena);

}  // namespace traces
