// Any bytes as a DogStatsD packet: the reader ends, gives at most one thing per line, and every view of it lies inside
// the packet.
#include <cstdint>
#include <string_view>

#include "in/packet.hpp"
#include "in/utf8.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view packet(reinterpret_cast<const char*>(bytes), size);
  const auto inside = [packet](std::string_view view) {
    return view.empty() || (view.data() >= packet.data() && view.data() + view.size() <= packet.data() + packet.size());
  };
  std::size_t lines = 1;
  for (const char c : packet) lines += c == '\n' ? 1 : 0;
  metrics::PacketReader reader;
  reader.open(packet);
  for (std::size_t given = 0;; ++given) {
    const metrics::LineKind kind = reader.next();
    if (kind == metrics::LineKind::kEnd) return 0;
    REQUIRE(given < lines);
    if (kind == metrics::LineKind::kMetric) {
      const metrics::MetricLine& line = reader.metric();
      REQUIRE(!line.name.empty() && inside(line.name) && metrics::is_utf8(line.name));
      REQUIRE(inside(line.tags) && inside(line.member));
      REQUIRE(line.values.empty() == (line.type == metrics::MetricType::kSet));
    } else if (kind == metrics::LineKind::kEvent) {
      REQUIRE(!reader.event().title.empty() && inside(reader.event().title) && inside(reader.event().text));
      REQUIRE(metrics::unescaped(reader.event().text).size() <= reader.event().text.size());
    } else if (kind == metrics::LineKind::kCheck) {
      REQUIRE(reader.check().status <= 3 && inside(reader.check().name) && inside(reader.check().message));
    }
  }
}
