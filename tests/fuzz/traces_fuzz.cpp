// Any bytes as a v0.4 body: the walk ends, accounts for every span that it saw, and what is written of it is a payload
// that the generated decoder reads, with as many spans.
#include <cstdint>
#include <string_view>

#include "in/v04.hpp"
#include "out/agent_payload.hpp"
#include "require.hpp"
#include "traces.pb.h"

namespace {

struct Walk {
  std::uint64_t good = 0, bad = 0, shipped = 0;
  bool broken = false;
};

Walk walk(std::string_view bytes, traces::TracerPayload& out) {
  Walk seen;
  traces::V04Body body(bytes);
  traces::Span span;
  bool bad_trace = false;
  for (std::size_t steps = 0;; ++steps) {
    REQUIRE(steps <= 2 * bytes.size() + 2);
    switch (body.next(span)) {
      case traces::Step::kSpan:
        ++seen.good;
        if (!bad_trace) out.add(span);
        break;
      case traces::Step::kBadSpan:
        ++seen.bad;
        out.abandon_chunk();
        bad_trace = true;
        break;
      case traces::Step::kTraceEnds:
        seen.shipped += bad_trace ? 0 : out.open_spans();
        out.end_chunk();
        bad_trace = false;
        break;
      case traces::Step::kBadTrace: break;
      case traces::Step::kBroken:
        seen.broken = true;
        out.abandon_chunk();
        break;
      case traces::Step::kEnd: return seen;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  traces::TracerPayload out({"container", "go", "1.22", "2.0"});
  const Walk seen = walk(body, out);
  REQUIRE(traces::V04Body::plausible(body) || seen.broken);
  REQUIRE(traces::V04Body::count_spans(body) <= seen.good + seen.bad);
  REQUIRE(out.spans() == seen.shipped);

  const std::string part = out.finish();
  REQUIRE(part.empty() == (seen.shipped == 0));
  lab::wire::AgentPayload decoded;
  REQUIRE(decoded.ParseFromString(part));
  std::uint64_t spans = 0;
  for (const auto& payload : decoded.tracer_payloads())
    for (const auto& chunk : payload.chunks()) spans += static_cast<std::uint64_t>(chunk.spans_size());
  REQUIRE(spans == seen.shipped);
  return 0;
}
