#include "out/packer.hpp"
#include "out/stats_payload.hpp"

namespace traces {
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
    for (const ClientGroup& group : bucket.groups) put_group(out, group, TagsOfClients::kWritten);
  }
  return out;
}

}  // namespace traces
