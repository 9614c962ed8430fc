#include "in/client_stats.hpp"

#include <algorithm>

#include "in/texts.hpp"
#include "sls/codec/msgpack.hpp"

namespace traces {
namespace {

using sls::msgpack::Kind;
using sls::msgpack::Reader;

// Values that are nil are absent; one of another kind is stepped over and makes `usable` false.
class Fields {
 public:
  Fields(Reader& reader, Arena& arena) : reader_(reader), arena_(arena) {}

  void text(std::string_view& out) {
    if (reader_.take_string(out))
      out = mended(out, arena_);
    else
      other();
  }
  void bytes(std::string_view& out) {
    if (!reader_.take_binary(out) && !reader_.take_string(out)) other();
  }
  void number(std::uint64_t& out) {
    if (!reader_.take_unsigned(out)) other();
  }
  void truth(bool& out) {
    if (!reader_.take_boolean(out)) other();
  }
  // As a number, or as a truth.
  void root(std::uint64_t& out) {
    bool truth = false;
    if (reader_.take_boolean(truth))
      out = truth ? 1 : 2;
    else
      number(out);
  }
  void texts(std::vector<std::string_view>& out) {
    std::size_t count = 0;
    if (!reader_.enter_array(count)) return other();
    for (std::size_t i = 0; i < count && !reader_.failed(); ++i) {
      std::string_view one;
      text(one);
      if (out.size() < kClientTagsMax) out.push_back(one);
    }
  }
  void skip() { reader_.skip(); }
  bool usable = true;

 private:
  void other() {
    if (reader_.take_nil()) return;
    usable = false;
    reader_.skip();
  }

  Reader& reader_;
  Arena& arena_;
};

// `each(key)` takes the value. False: the next value is no map, and was stepped over.
template <class Each>
bool for_map(Reader& reader, Each each) {
  std::size_t count = 0;
  if (!reader.enter_map(count)) return reader.skip(), false;
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    std::string_view key;
    if (!reader.take_string(key)) reader.skip();
    each(key);
  }
  return true;
}

bool read_group(Reader& reader, Arena& arena, ClientGroup& out) {
  Fields fields(reader, arena);
  const bool is_map = for_map(reader, [&](std::string_view key) {
    if (key == "Service") return fields.text(out.service);
    if (key == "Name") return fields.text(out.name);
    if (key == "Resource") return fields.text(out.resource);
    if (key == "HTTPStatusCode") return fields.number(out.http_status);
    if (key == "Type") return fields.text(out.type);
    if (key == "DBType") return fields.text(out.db_type);
    if (key == "Hits") return fields.number(out.hits);
    if (key == "Errors") return fields.number(out.errors);
    if (key == "Duration") return fields.number(out.duration_ns);
    if (key == "OkSummary") return fields.bytes(out.ok_summary);
    if (key == "ErrorSummary") return fields.bytes(out.error_summary);
    if (key == "Synthetics") return fields.truth(out.synthetics);
    if (key == "TopLevelHits") return fields.number(out.top_level_hits);
    if (key == "SpanKind") return fields.text(out.span_kind);
    if (key == "PeerTags") return fields.texts(out.peer_tags);
    if (key == "IsTraceRoot") return fields.root(out.trace_root);
    if (key == "GRPCStatusCode") return fields.text(out.grpc_status);
    if (key == "HTTPMethod") return fields.text(out.http_method);
    if (key == "HTTPEndpoint") return fields.text(out.http_endpoint);
    if (key == "srv_src") return fields.text(out.service_source);
    if (key == "SpanDerivedPrimaryTags") return fields.texts(out.primary_tags);
    if (key == "AdditionalMetricTags") return fields.texts(out.metric_tags);
    fields.skip();
  });
  return is_map && fields.usable;
}

void read_groups(Reader& reader, Arena& arena, ClientBucket& out, std::size_t& room, std::uint64_t& lost) {
  std::size_t count = 0;
  if (!reader.enter_array(count)) {
    if (!reader.take_nil() && reader.skip()) ++lost;
    return;
  }
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    ClientGroup group;
    const bool usable = read_group(reader, arena, group);
    if (reader.failed()) return;
    if (usable && room != 0)
      out.groups.push_back(std::move(group)), --room;
    else
      ++lost;
  }
}

void read_buckets(Reader& reader, Arena& arena, ClientStats& out) {
  std::size_t count = 0, room = kClientGroupsMax;
  if (!reader.enter_array(count)) {
    if (!reader.take_nil() && reader.skip()) ++out.lost;
    return;
  }
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    ClientBucket bucket;
    Fields fields(reader, arena);
    const bool is_map = for_map(reader, [&](std::string_view key) {
      if (key == "Start") return fields.number(bucket.start_ns);
      if (key == "Duration") return fields.number(bucket.duration_ns);
      if (key == "Stats") return read_groups(reader, arena, bucket, room, out.lost);
      fields.skip();
    });
    const bool has_times = bucket.start_ns != 0 && bucket.duration_ns != 0;
    if (is_map && has_times && fields.usable && out.buckets.size() < kClientGroupsMax)
      out.buckets.push_back(std::move(bucket));
    else if (!reader.failed())
      out.lost += std::max<std::size_t>(1, bucket.groups.size());
  }
}

}  // namespace

bool is_client_stats(std::string_view body) { return Reader(body).kind() == Kind::kMap; }

ClientStats read_client_stats(std::string_view body, Arena& arena) {
  ClientStats out;
  Reader reader(body);
  Fields fields(reader, arena);
  for_map(reader, [&](std::string_view key) {
    if (key == "Env") return fields.text(out.env);
    if (key == "Version") return fields.text(out.version);
    if (key == "Stats") return read_buckets(reader, arena, out);
    if (key == "Lang") return fields.text(out.language);
    if (key == "TracerVersion") return fields.text(out.tracer_version);
    if (key == "RuntimeID") return fields.text(out.runtime_id);
    if (key == "Sequence") return fields.number(out.sequence);
    if (key == "Service") return fields.text(out.service);
    if (key == "ContainerID") return fields.text(out.container_id);
    if (key == "Tags") return fields.texts(out.tags);
    if (key == "GitCommitSha") return fields.text(out.commit);
    if (key == "ImageTag") return fields.text(out.image_tag);
    if (key == "ProcessTagsHash") return fields.number(out.process_tags_hash);
    if (key == "ProcessTags") return fields.text(out.process_tags);
    fields.skip();
  });
  if (reader.failed()) ++out.lost;
  return out;
}

}  // namespace traces
