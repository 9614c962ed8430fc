#include "out/packer.hpp"
#include "out/stats_payload.hpp"

namespace traces {
namespace {

void put_group(std::string& out, const ClientGroup& group) {
  Packer to(out);
  to.map(22);
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
  to.text("SpanDerivedPrimaryTags"), to.texts(group.primary_tags);
  to.text("AdditionalMetricTags"), to.texts(group.metric_tags);
}

}  // namespace

std::string encode_client_stats(const ClientStats& stats) {
  std::string out;
  Packer to(out);
  to.map(16);
  to.field("Hostname", "");
  to.field("Env", stats.env);
  to.field("Version", stats.version);
  to.field("Lang", stats.language);
  to.field("TracerVersion", stats.tracer_version);
  to.field("RuntimeID", stats.runtime_id);
  to.field("Sequence", stats.sequence);
  to.field("AgentAggregation", "");
  to.field("Service", stats.service);
  to.field("ContainerID", stats.container_id);
  to.text("Tags"), to.texts(stats.tags);
  to.field("GitCommitSha", stats.commit);
  to.field("ImageTag", stats.image_tag);
  to.field("ProcessTagsHash", stats.process_tags_hash);
  to.field("ProcessTags", stats.process_tags);
  to.text("Stats"), to.array(stats.buckets.size());
  for (const ClientBucket& bucket : stats.buckets) {
    to.map(4);
    to.field("Start", bucket.start_ns);
    to.field("Duration", bucket.duration_ns);
    to.field("AgentTimeShift", 0);
    to.text("Stats"), to.array(bucket.groups.size());
    for (const ClientGroup& group : bucket.groups) put_group(out, group);
  }
  return out;
}

}  // namespace traces
