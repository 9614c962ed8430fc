// Any bytes as a tracer's statistics: reading ends within its bounds, what is lost is counted, and what goes out is
// MessagePack of one element per body that had a group, whole and with no more groups than came in.
#include <cstdint>
#include <string>
#include <string_view>

#include "between/stats_clients.hpp"
#include "in/client_stats.hpp"
#include "require.hpp"
#include "sls/codec/json.hpp"
#include "sls/codec/msgpack.hpp"

namespace {

using sls::msgpack::Reader;

// Into `name` of the map that comes next.
bool enter_field(Reader& reader, std::string_view name) {
  std::size_t fields = 0;
  if (!reader.enter_map(fields)) return false;
  for (std::string_view key; fields != 0; --fields) {
    if (!reader.take_string(key)) return false;
    if (key == name) return true;
    if (!reader.skip()) return false;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  if (!traces::is_client_stats(body)) return 0;

  traces::Arena arena;
  const traces::ClientStats stats = traces::read_client_stats(body, arena);
  std::size_t groups = 0;
  for (const traces::ClientBucket& bucket : stats.buckets)
    for (const traces::ClientGroup& group : bucket.groups) {
      ++groups;
      REQUIRE(group.peer_tags.size() <= traces::kClientTagsMax);
      for (const std::string_view text : {group.service, group.resource, group.span_kind})
        REQUIRE(sls::json::valid_utf8(text));
    }
  REQUIRE(groups <= traces::kClientGroupsMax && groups <= size);

  traces::Trades trades;
  traces::StatsClients clients(trades);
  REQUIRE(clients.take(body, {}));
  REQUIRE(clients.pending_bytes() == size);
  while (clients.work("prod")) {
  }
  const std::string payload = clients.next({"prod", "1"});
  REQUIRE(clients.pending_bytes() == 0);
  REQUIRE(clients.take_malformed() == stats.lost && clients.take_full() == 0);
  REQUIRE(payload.empty() == (groups == 0));
  if (payload.empty()) return 0;

  Reader whole(payload);
  REQUIRE(whole.skip() && whole.at_end());
  Reader reader(payload);
  std::size_t count = 0;
  REQUIRE(enter_field(reader, "Stats") && reader.enter_array(count) && count == 1);
  REQUIRE(enter_field(reader, "Stats") && reader.enter_array(count) && count == stats.buckets.size());
  std::size_t shipped = 0;
  for (; count != 0; --count) {
    std::size_t here = 0;
    REQUIRE(enter_field(reader, "Stats") && reader.enter_array(here));
    for (shipped += here; here != 0; --here) REQUIRE(reader.skip());
  }
  REQUIRE(shipped == groups);
  return 0;
}
