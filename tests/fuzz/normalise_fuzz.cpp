// Any bytes as the texts of a span: what normalisation leaves obeys the intake's rules, is UTF-8 where it was
// rewritten, and stays when it is done again.
#include <cstdint>
#include <string_view>

#include "between/normalise.hpp"
#include "between/tag_text.hpp"
#include "require.hpp"
#include "sls/codec/json.hpp"

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000'000'000;

struct Input {
  std::string_view bytes;

  std::string_view text() {  // a length, then so many bytes
    const std::size_t n = std::min<std::size_t>(number(1), bytes.size());
    const std::string_view out = bytes.substr(0, n);
    bytes.remove_prefix(n);
    return out;
  }
  std::uint64_t number(std::size_t size) {
    std::uint64_t out = 0;
    for (; size != 0 && !bytes.empty(); --size, bytes.remove_prefix(1))
      out = out << 8 | static_cast<unsigned char>(bytes[0]);
    return out;
  }
};

void fill(traces::Span& span, Input& in) {
  span.trace_id = 1 + in.number(1) % 2;
  span.span_id = 1 + in.number(1) % 4;
  span.parent_id = in.number(1) % 4;
  span.start = static_cast<std::int64_t>(in.number(8));
  span.duration = static_cast<std::int64_t>(in.number(8));
  span.service = in.text(), span.name = in.text(), span.resource = in.text(), span.type = in.text();
  for (const std::string_view key : {"env", "peer.service", "_dd.base_service", "http.status_code", "component"})
    span.meta.emplace_back(key, in.text());
  span.links.emplace_back().attributes.emplace_back("link.name", in.text());
}

void require_tag(std::string_view text) {
  REQUIRE(text.size() <= 404);
  REQUIRE(!text.ends_with('_') && text.find("__") == text.npos);
  REQUIRE(sls::json::valid_utf8(text));
}

void require_rules(const traces::Span& span) {
  REQUIRE(!span.service.empty() && !span.name.empty() && !span.resource.empty());
  REQUIRE(span.name.size() <= 100 && span.type.size() <= 100);
  REQUIRE(span.start >= 0 && span.duration >= 0 && span.duration <= INT64_MAX - span.start);
  for (const std::string_view text : {span.service, span.tag("env"), span.tag("peer.service")}) require_tag(text);
  const std::string_view status = span.tag("http.status_code");
  REQUIRE(status.empty() || (status >= "1" && status < "6") || status[0] == '0');
}

bool same(const traces::Span& a, const traces::Span& b) {
  return a.service == b.service && a.name == b.name && a.resource == b.resource && a.type == b.type
         && a.start == b.start && a.duration == b.duration && a.parent_id == b.parent_id && a.meta == b.meta
         && a.links[0].attributes == b.links[0].attributes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Input in{{reinterpret_cast<const char*>(bytes), size}};
  traces::Chunk chunk;
  const traces::Normaliser normaliser(in.number(1) % 2 == 1);
  for (std::size_t n = 1 + in.number(1) % 3; n != 0; --n) fill(chunk.add(), in);
  const std::string_view language = in.text();
  if (!normaliser.normalise(chunk, language, kNow)) return 0;
  for (traces::Span& span : chunk.spans()) require_rules(span);
  const traces::Span once = chunk.spans()[0];
  REQUIRE(normaliser.normalise(chunk, language, kNow));
  REQUIRE(same(once, chunk.spans()[0]));

  const std::string_view tag = traces::normal_tag(in.bytes, chunk.arena);
  require_tag(tag);
  REQUIRE(traces::normal_tag(tag, chunk.arena) == tag);
  return 0;
}
