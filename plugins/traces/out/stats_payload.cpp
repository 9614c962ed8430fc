#include "out/stats_payload.hpp"

#include <array>
#include <utility>

#include "out/packer.hpp"

namespace traces {
namespace {

// A group that was counted here, as its wire says it; the sketches are kept in `sketches`.
ClientGroup as_client(StatsKey key, const StatsGroup& group, std::array<std::string, 2>& sketches) {
  sketches = {group.ok.encoded(), group.error.encoded()};
  ClientGroup out;
  out.service = key.service, out.name = key.name, out.resource = key.resource, out.type = key.type;
  out.span_kind = key.span_kind, out.grpc_status = key.grpc_status, out.http_method = key.http_method;
  out.http_endpoint = key.http_endpoint, out.service_source = key.service_source;
  out.http_status = key.http_status, out.trace_root = key.trace_root, out.synthetics = key.synthetics;
  out.peer_tags = std::move(key.peer_tags);
  out.hits = group.hits, out.errors = group.errors, out.duration_ns = group.duration_ns;
  out.top_level_hits = group.top_level_hits;
  out.ok_summary = sketches[0], out.error_summary = sketches[1];
  return out;
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
  std::array<std::string, 2> sketches;
  for (std::size_t origin = 0; origin < origins; ++origin)
    for (const StatsBucket& bucket : buckets) {
      Section section{origin, bucket.start_ns, 0, {}};
      const auto close = [&] {
        if (section.groups != 0) out.back().push_back(std::move(section));
        section = {origin, bucket.start_ns, 0, {}};
      };
      for (const auto& [key_bytes, group] : bucket.groups) {
        StatsKey key = decode_key(key_bytes);
        if (key.origin != origin) continue;
        if (groups == kStatsPayloadGroupsMax || bytes >= kStatsPayloadBytesMax) {
          close();
          out.emplace_back();
          groups = bytes = 0;
        }
        const std::size_t before = section.bytes.size();
        put_group(section.bytes, as_client(std::move(key), group, sketches), TagsOfClients::kLeftOut);
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

void put_group(std::string& out, const ClientGroup& group, TagsOfClients tags) {
  Packer to(out);
  to.map(tags == TagsOfClients::kWritten ? 22 : 20);
  to.field("Service", group.service);
  to.field("Name", group.name);
  to.field("Resource", group.resource);
  to.field("HTTPStatusCode", group.http_status);
  to.field("Type", group.type);
  to.field("DBType", group.db_type);
  to.field("Hits", group.hits);
  to.field("Errors", group.errors);
  to.field("Duration", group.duration_ns);
  to.text("OkSummary"), to.binary(group.ok_summary);
  to.text("ErrorSummary"), to.binary(group.error_summary);
  to.text("Synthetics"), to.truth(group.synthetics);
  to.field("TopLevelHits", group.top_level_hits);
  to.field("SpanKind", group.span_kind);
  to.text("PeerTags"), to.texts(group.peer_tags);
  to.field("IsTraceRoot", group.trace_root);
  to.field("GRPCStatusCode", group.grpc_status);
  to.field("HTTPMethod", group.http_method);
  to.field("HTTPEndpoint", group.http_endpoint);
  to.field("srv_src", group.service_source);
  if (tags == TagsOfClients::kLeftOut) return;
  to.text("SpanDerivedPrimaryTags"), to.texts(group.primary_tags);
  to.text("AdditionalMetricTags"), to.texts(group.metric_tags);
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
