// Subject tag-normalise: {fn: tag, tag_value, span_name, service, peer_service, in or in_bytes_hex, lang?, out}. A
// service and a name are judged as parts of a span.
#include "between/normalise.hpp"
#include "between/tag_text.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::object;
using vectors::json::value;

std::string text_of(const object& one, const char* key) {
  const value* found = one.if_contains(key);
  return found == nullptr ? std::string() : std::string(found->as_string());
}

std::string given(const object& one) {
  const std::string hex = text_of(one, "in_bytes_hex");
  std::string out = text_of(one, "in");
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return out;
}

// Of a span that is good but for what is asked about.
std::string of_span(const std::string& fn, const std::string& text, const std::string& language) {
  traces::Chunk chunk;
  traces::Span& span = chunk.add();
  span.trace_id = span.span_id = 1;
  span.service = fn == "service" ? std::string_view(text) : "svc";
  span.name = fn == "span_name" ? std::string_view(text) : "op";
  if (fn == "peer_service") span.meta.emplace_back("peer.service", text);
  EXPECT_TRUE(traces::Normaliser().normalise(chunk, language, 1'700'000'000'000'000'000));
  return std::string(fn == "service" ? span.service : fn == "span_name" ? span.name : span.tag("peer.service"));
}

void judge(const object& one) {
  const std::string fn = text_of(one, "fn"), text = given(one);
  traces::Arena arena;
  std::string got;
  if (fn == "tag")
    got = traces::normal_tag(text, arena);
  else if (fn == "tag_value")
    got = traces::normal_tag_value(text, arena);
  else if (fn == "service" || fn == "span_name" || fn == "peer_service")
    got = of_span(fn, text, text_of(one, "lang"));
  else
    FAIL() << "unknown function " << fn;
  EXPECT_EQ(got, text_of(one, "out"));
}

TEST(TagNormaliseVectors, HoldForTheProjectsOwnCases) { vectors::run_own("tag-normalise", judge); }
TEST(TagNormaliseVectors, HoldForTheSharedCases) { vectors::run_shared("tag-normalise", judge); }

}  // namespace
