// Any bytes as an invocation's event: recognising ends, keeps its bounds, and what it tells makes a chunk with every
// parent in its place; carriers hold readable bytes only. Captured as tags, the event keeps its bounds, too.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "invocation/capture.hpp"
#include "invocation/inferred_span.hpp"
#include "invocation/recogniser.hpp"
#include "invocation/span_pointers.hpp"
#include "require.hpp"

namespace {

using namespace traces::invocation;

// Reads every byte of a view, for the sanitizer.
std::size_t read(std::string_view text) {
  std::size_t sum = 0;
  for (const char c : text) sum += static_cast<unsigned char>(c);
  return sum;
}

void read_carrier(const Carrier& carrier) {
  REQUIRE(carrier.entries().size() <= kCarrierEntriesMax);
  for (const auto& [name, value] : carrier.entries()) {
    volatile std::size_t sum = read(name) + read(value);
    (void)sum;
    REQUIRE(carrier.find(name) != nullptr);
  }
}

void check_texts(const traces::Texts& texts) {
  for (const auto& [key, value] : texts) {
    REQUIRE(value.size() <= kTextBytesMax);
    REQUIRE(sls::json::valid_utf8(value));
    REQUIRE(!key.empty());
  }
}

void check_chunk(const TriggerFacts& facts) {
  traces::Chunk chunk;
  chunk.add().trace_id = 1;
  Completion completion;
  completion.span_ids[0] = 2, completion.span_ids[1] = 3, completion.upstream_id = 4;
  const std::size_t root = add_inferred_spans(chunk, 0, facts, completion);
  REQUIRE(chunk.size() == 1 + facts.spans.size());
  REQUIRE(chunk.spans()[root].parent_id == 4);
  for (const traces::Span& span : chunk.spans()) REQUIRE(span.duration >= 0);
  std::string links;
  append_span_links(links, {}, facts.pointers);
  sls::json::Value parsed;
  REQUIRE(sls::json::parse(links, parsed));
}

void check_captured(std::string_view event, unsigned depth_max) {
  OwnTexts tags;
  capture("function.request", event, depth_max, tags);
  REQUIRE(tags.size() <= kCapturedTagsMax);
  for (const auto& [key, value] : tags) {
    REQUIRE(key.starts_with("function.request"));
    REQUIRE(sls::json::valid_utf8(key) && sls::json::valid_utf8(value));
    REQUIRE(value.size() <= 4 * kCapturedCharactersMax);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string event(reinterpret_cast<const char*>(bytes), size);
  std::vector<std::string> unusable;
  const ServiceNames services("lambda_sqs:queues,a:b", size % 2 == 0, unusable);
  const Surroundings around{"eu-west-1", "f", services, true};
  Recogniser recogniser;
  Carriers carriers;
  TriggerFacts facts;
  recogniser.recognise(event, around, facts, carriers);
  REQUIRE(facts.spans.size() <= 2);
  REQUIRE(facts.pointers.size() <= 1);
  REQUIRE(facts.texts.bytes() <= kKeptBytesMax + kTextBytesMax);
  REQUIRE(!facts.trigger.empty() || (facts.tags.empty() && facts.spans.empty()));
  check_texts(facts.tags);
  for (const InferredSpan& span : facts.spans) {
    check_texts(span.meta);
    REQUIRE(!span.service.empty() && !span.name.empty());
    REQUIRE(sls::json::valid_utf8(span.resource));
  }
  read_carrier(carriers.trigger);
  read_carrier(carriers.request_headers);
  read_carrier(carriers.headers);
  volatile std::size_t sum = read(carriers.aws_trace_header) + read(carriers.state_machine.execution_id);
  (void)sum;
  recogniser.release(carriers);
  check_chunk(facts);
  check_captured(event, static_cast<unsigned>(size % 12));
  return 0;
}
