// Any bytes as the body of a request, in a format that the first byte chooses: reading ends, every span is accounted
// for, and what is shipped is a payload that the generated decoder reads, with as many spans.
#include <cstdint>
#include <string_view>

#include "pipeline.hpp"
#include "require.hpp"
#include "traces.pb.h"

namespace {

std::uint64_t spans_in(std::string_view part) {
  lab::wire::AgentPayload decoded;
  REQUIRE(decoded.ParseFromArray(part.data(), static_cast<int>(part.size())));
  REQUIRE(decoded.tracer_payloads_size() == 1);
  std::uint64_t spans = 0;
  for (const auto& chunk : decoded.tracer_payloads(0).chunks()) spans += static_cast<std::uint64_t>(chunk.spans_size());
  return spans;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const traces::Format format = static_cast<traces::Format>(bytes[0] % static_cast<unsigned>(traces::Format::kCount));
  const std::string_view body(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (!traces::refusal(format, body).empty()) return 0;

  traces::Trades trades;
  traces::Pipeline pipeline(trades);
  traces::Tracer tracer;
  tracer.language = "go";
  pipeline.take({std::string(body), format, tracer, 1'700'000'000'000'000'000});
  for (std::size_t units = 0; pipeline.work(); ++units) REQUIRE(units <= body.size() + 2);
  REQUIRE(traces::count_spans(format, body) <= pipeline.received());

  std::uint64_t shipped = 0;
  for (auto parts = pipeline.next(); !parts.empty(); parts = pipeline.next())
    for (const traces::Part& part : parts) {
      REQUIRE(spans_in(part.view()) == part.spans);
      shipped += part.spans;
    }
  REQUIRE(pipeline.received() == shipped + pipeline.take_losses().total());
  REQUIRE(pipeline.pending_items() == 0 && pipeline.pending_bytes() == 0);
  return 0;
}
