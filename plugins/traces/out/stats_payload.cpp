#include "out/stats_payload.hpp"

#include "out/packer.hpp"

namespace traces {
namespace {

void put_group(std::string& out, const StatsKey& key, const StatsGroup& group) {
  Packer to(out);
  to.map(20);
  to.field("Service", key.service);
  to.field("Name", key.name);
  to.field("Resource", key.resource);
  to.field("HTTPStatusCode", key.http_status);
  to.field("Type", key.type);
  to.field("DBType", "");
  to.field("Hits", group.hits);
  to.field("Errors", group.errors);
  to.field("Duration", group.duration_ns);
  to.text("OkSummary"), to.binary(group.ok.encoded());
  to.text("ErrorSummary"), to.binary(group.error.encoded());
  to.text("Synthetics"), to.truth(key.synthetics);
  to.field("TopLevelHits", group.top_level_hits);
  to.field("SpanKind", key.span_kind);
  to.text("PeerTags"), to.texts(key.peer_tags);
  to.field("IsTraceRoot", key.trace_root);
  to.field("GRPCStatusCode", key.grpc_status);
  to.field("HTTPMethod", key.http_method);
  to.field("HTTPEndpoint", key.http_endpoint);
  to.field("srv_src", key.service_source);
}

// Groups of one bucket and one origin.
struct Section {
  std::size_t origin = 0;
  std::int64_t start_ns = 0;
  std::size_t groups = 0;
  std::string bytes;
};
using Piece = std::vector<Section>;  // of one body, by origin

std::vector<Piece> pieces_of(const std::vector<StatsBucket>& buckets, std::size_t origins) {
  std::vector<Piece> out(1);
  std::size_t groups = 0, bytes = 0;
  for (std::size_t origin = 0; origin < origins; ++origin)
    for (const StatsBucket& bucket : buckets) {
      Section section{origin, bucket.start_ns, 0, {}};
      const auto close = [&] {
        if (section.groups != 0) out.back().push_back(std::move(section));
        section = {origin, bucket.start_ns, 0, {}};
      };
      for (const auto& [key_bytes, group] : bucket.groups) {
        const StatsKey key = decode_key(key_bytes);
        if (key.origin != origin) continue;
        if (groups == kStatsPayloadGroupsMax || bytes >= kStatsPayloadBytesMax) {
          close();
          out.emplace_back();
          groups = bytes = 0;
        }
        const std::size_t before = section.bytes.size();
        put_group(section.bytes, key, group);
        bytes += section.bytes.size() - before;
        ++section.groups;
        ++groups;
      }
      close();
    }
  if (out.back().empty()) out.pop_back();
  return out;
}

void put_origin(std::string& out, const StatsOrigin& origin, std::span<const Section> sections) {
  Packer to(out);
  to.map(11);
  to.field("Hostname", "");
  to.field("Env", origin.env);
  to.field("Version", origin.version);
  to.field("Lang", origin.language);
  to.field("TracerVersion", origin.tracer_version);
  to.field("RuntimeID", origin.runtime_id);
  to.field("Sequence", 0);
  to.field("AgentAggregation", "");
  to.field("Service", origin.service);
  to.field("ContainerID", origin.container_id);
  to.text("Stats"), to.array(sections.size());
  for (const Section& section : sections) {
    to.map(4);
    to.field("Start", static_cast<std::uint64_t>(section.start_ns));
    to.field("Duration", std::uint64_t{kStatsBucketNs});
    to.field("AgentTimeShift", 0);
    to.text("Stats"), to.array(section.groups);
    out.append(section.bytes);
  }
}

std::size_t count_origins(const Piece& piece) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < piece.size(); ++i) out += i == 0 || piece[i].origin != piece[i - 1].origin;
  return out;
}

}  // namespace

std::vector<std::string> encode_statistics(const std::vector<StatsBucket>& buckets,
                                           const std::vector<StatsOrigin>& origins, const StatsSender& sender) {
  std::vector<std::string> out;
  const std::vector<Piece> pieces = pieces_of(buckets, origins.size());
  for (const Piece& piece : pieces) {
    std::string& body = out.emplace_back();
    begin_stats_payload(body, sender,
                        {.client_computed = false, .split = pieces.size() > 1, .clients = count_origins(piece)});
    for (std::size_t begin = 0, end = 0; begin < piece.size(); begin = end) {
      while (end < piece.size() && piece[end].origin == piece[begin].origin) ++end;
      put_origin(body, origins[piece[begin].origin], std::span(piece).subspan(begin, end - begin));
    }
  }
  return out;
}

void begin_stats_payload(std::string& out, const StatsSender& sender, const StatsPayloadHead& head) {
  Packer to(out);
  to.map(6);
  to.field("AgentHostname", "");
  to.field("AgentEnv", sender.env);
  to.field("AgentVersion", sender.agent_version);
  to.text("ClientComputed"), to.truth(head.client_computed);
  to.text("SplitPayload"), to.truth(head.split);
  to.text("Stats"), to.array(head.clients);
}

}  // namespace traces
