// Each wire's bytes as what the intake gets, and what each does with bytes that are not as they should be.
#include "driven.hpp"
#include "pipeline.hpp"

namespace {

using namespace bodies;
using namespace std::string_literals;
using driven::decode;
using driven::Plugin;

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

std::string real(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return "\xcb" + number(bits).substr(1);
}
std::string binary(std::string_view bytes) {
  return std::string("\xc4") + static_cast<char>(bytes.size()) + std::string(bytes);
}
const std::string kTrue = "\xc3", kFalse = "\xc2", kNil = "\xc0";

lab::wire::AgentPayload shipped(Plugin& plugin, std::string_view path, const std::string& body,
                                const std::string& type = "application/msgpack") {
  EXPECT_EQ(plugin.post(body, {{"Content-Type", type}}, path).status, 200u);
  auto out = decode(plugin.flush());
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_TRUE(plugin.faults().empty());
  return out;
}

// ---- span events

TEST(SpanEvents, AreShippedWithAttributesOfEveryType) {
  const auto attribute = [](std::uint64_t type, const std::string& key, const std::string& value) {
    return map({{"type", number(type)}, {key, value}});
  };
  const Fields attributes = {
      {"text", attribute(0, "string_value", text("t"))},
      {"truth", attribute(1, "bool_value", kTrue)},
      {"whole", attribute(2, "int_value", "\xff")},
      {"real", attribute(3, "double_value", real(1.5))},
      {"list", attribute(4, "array_value",
                         map({{"values",
                               array({attribute(0, "string_value", text("a")), attribute(1, "bool_value", kFalse),
                                      attribute(2, "int_value", number(7)), attribute(3, "double_value", real(-0.5))})},
                              {"more", kNil}}))},
      {"empty", attribute(4, "array_value", kNil)}};
  Plugin plugin;
  const auto payload = shipped(plugin, "/v0.4/traces",
                               array({array({span(1, 0,
                                                  {{"span_events", array({map({{"time_unix_nano", number(kStart)},
                                                                               {"name", text("boom")},
                                                                               {"unknown", array({kNil})},
                                                                               {"attributes", map(attributes)}}),
                                                                          map({})})}})})}));
  const auto& events = payload.tracer_payloads(0).chunks(0).spans(0).span_events();
  ASSERT_EQ(events.size(), 2);
  EXPECT_EQ(events[0].time_unix_nano(), static_cast<std::uint64_t>(kStart));
  EXPECT_EQ(events[0].name(), "boom");
  const auto& got = events[0].attributes();
  ASSERT_EQ(got.size(), 6u);
  EXPECT_EQ(got.at("text").string_value(), "t");
  EXPECT_EQ(got.at("truth").type(), 1);
  EXPECT_TRUE(got.at("truth").bool_value());
  EXPECT_EQ(got.at("whole").type(), 2);
  EXPECT_EQ(got.at("whole").int_value(), -1);
  EXPECT_EQ(got.at("real").type(), 3);
  EXPECT_EQ(got.at("real").double_value(), 1.5);
  EXPECT_EQ(got.at("list").type(), 4);
  const auto& list = got.at("list").array_value().values();
  ASSERT_EQ(list.size(), 4);
  EXPECT_EQ(list[0].string_value(), "a");
  EXPECT_EQ(list[1].type(), 1);
  EXPECT_EQ(list[2].int_value(), 7);
  EXPECT_EQ(list[3].double_value(), -0.5);
  EXPECT_EQ(got.at("empty").array_value().values_size(), 0);
}

TEST(SpanEvents, OfWrongTypesCostTheirTrace) {
  const std::string bad[] = {
      map({{"name", number(1)}}),
      map({{"attributes", map({{"a", map({{"type", number(5)}})}})}}),
      map({{"attributes", map({{"a", map({{"type", number(3)}, {"double_value", number(1)}})}})}}),
      map({{"attributes", map({{"a", text("bare")}})}}),
      map({{"attributes",
            map({{"a", map({{"array_value", map({{"values", array({map({{"type", number(4)}})})}})}})}})}}),
      text("no event")};
  for (const std::string& each : bad) {
    Plugin plugin;
    const auto payload = shipped(plugin, "/v0.4/traces",
                                 array({array({span(1, 0, {{"span_events", array({each})}})}), array({span(2)})}));
    ASSERT_EQ(payload.tracer_payloads_size(), 1);
    EXPECT_EQ(payload.tracer_payloads(0).chunks_size(), 1);
    EXPECT_EQ(plugin.counter("dropped.malformed"), 1u);
  }
}

// ---- v0.5

std::string v05_span(std::uint64_t id, const std::string& meta = map({}), std::uint64_t service = 1) {
  return array({number(service), number(2), number(3), number(7), number(id), number(0), number(kStart), number(5),
                number(1), meta, counted('\xdf', 1) + number(6) + real(2), number(4)});
}
std::string v05(const std::vector<std::string>& traces) {
  return array({array({text(""), text("shop"), text("web"), text("GET /"), text("http"), text("note"),
                       text("_sampling_priority_v1"), binary("prod\xff")}),
                array(traces)});
}

TEST(V05, SpansAreThoseOfTheDictionary) {
  Plugin plugin;
  const std::string meta = counted('\xdf', 1) + number(5) + number(7);
  const auto payload =
      shipped(plugin, "/v0.5/traces", v05({array({v05_span(1, meta), v05_span(2)}), array({v05_span(3)})}));
  ASSERT_EQ(payload.tracer_payloads(0).chunks_size(), 2);
  const auto& chunk = payload.tracer_payloads(0).chunks(0);
  EXPECT_EQ(chunk.priority(), 2);
  ASSERT_EQ(chunk.spans_size(), 2);
  const auto& first = chunk.spans(0);
  EXPECT_EQ(first.service(), "shop");
  EXPECT_EQ(first.name(), "web");
  EXPECT_EQ(first.resource(), "GET /");
  EXPECT_EQ(first.type(), "http");
  EXPECT_EQ(first.trace_id(), 7u);
  EXPECT_EQ(first.start(), kStart);
  EXPECT_EQ(first.duration(), 5);
  EXPECT_EQ(first.error(), 1);
  EXPECT_EQ(first.meta().at("note"), "prod\xef\xbf\xbd");
  EXPECT_EQ(first.metrics().at("_sampling_priority_v1"), 2);
}

TEST(V05, ANumberOutsideTheDictionaryCostsItsTrace) {
  const std::string bad[] = {v05_span(9, map({}), 8),
                             v05_span(9, map({}), ~0ULL),
                             v05_span(9, counted('\xdf', 1) + number(99) + number(1)),
                             v05_span(9, counted('\xdf', 1) + number(1) + text("x")),
                             array({number(1), number(2)}),
                             map({}),
                             number(1)};
  for (const std::string& each : bad) {
    Plugin plugin;
    const auto payload =
        shipped(plugin, "/v0.5/traces", v05({array({v05_span(1)}), array({v05_span(2), each}), array({v05_span(3)})}));
    ASSERT_EQ(payload.tracer_payloads_size(), 1);
    EXPECT_EQ(payload.tracer_payloads(0).chunks_size(), 2);
    EXPECT_EQ(plugin.counter("dropped.malformed"), 2u);
    EXPECT_EQ(plugin.ledger().received, 4u);
  }
}

// A long string that is named often would make a hundred gigabytes of a megabyte.
TEST(V05, FewBytesThatStandForTooManyAreNotBelieved) {
  const std::string words = text(std::string(100'000, 'w'));
  std::string spans;
  constexpr std::size_t kSpans = 20'000;
  for (std::size_t i = 1; i <= kSpans; ++i)
    spans += "\x9c\x01\x01\x01\x07" + number(i) + "\x00\x00\x00\x00\x80\x80\x00"s;
  const std::string body = "\x92" + array({text(""), words}) + "\x91" + counted('\xdd', kSpans) + spans;
  Plugin plugin;
  EXPECT_EQ(plugin.post(body, {}, "/v0.5/traces").status, 200u);
  std::uint64_t most = 0;
  while (plugin.work_once()) most = std::max(most, plugin.state().pending_bytes);
  EXPECT_LE(most, traces::kPartBytesWaitingMax + 8 * body.size());
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_GE(plugin.counter("dropped.malformed"), 1u);
}

// ---- v0.7

std::string v07_chunk(const std::vector<std::string>& spans, Fields more = {}) {
  more.emplace_back("spans", array(spans));
  return map(more);
}

TEST(V07, PayloadAndChunkFieldsAreKept) {
  const Fields chunk = {{"priority", number(2)},
                        {"origin", text("rum")},
                        {"tags", map({{"_dd.p.dm", text("-4")}, {"x", text("y")}})},
                        {"dropped_trace", kTrue},
                        {"unknown", array({map({})})}};
  Plugin plugin;
  const auto payload =
      shipped(plugin, "/v0.7/traces",
              map({{"container_id", text("c")},
                   {"language_name", text("go")},
                   {"language_version", text("1")},
                   {"tracer_version", text("2")},
                   {"runtime_id", text("r")},
                   {"chunks",
                    array({v07_chunk({span(1), span(2, 1)}, chunk), v07_chunk({span(3)}, {{"priority", "\xd0\x80"}})})},
                   {"tags", map({{"k", text("v")}})},
                   {"env", text("e")},
                   {"hostname", text("h")},
                   {"app_version", text("v")},
                   {"unknown", number(1)}}));
  ASSERT_EQ(payload.tracer_payloads_size(), 1);
  const auto& got = payload.tracer_payloads(0);
  EXPECT_EQ(got.container_id(), "c");
  EXPECT_EQ(got.language_name(), "go");
  EXPECT_EQ(got.language_version(), "1");
  EXPECT_EQ(got.tracer_version(), "2");
  EXPECT_EQ(got.runtime_id(), "r");
  EXPECT_EQ(got.env(), "e");
  EXPECT_EQ(got.hostname(), "h");
  EXPECT_EQ(got.app_version(), "v");
  EXPECT_EQ(got.tags().at("k"), "v");
  ASSERT_EQ(got.chunks_size(), 2);
  EXPECT_EQ(got.chunks(0).priority(), 2);
  EXPECT_EQ(got.chunks(0).origin(), "rum");
  EXPECT_EQ(got.chunks(0).tags().at("_dd.p.dm"), "-4");
  EXPECT_EQ(got.chunks(0).tags().at("x"), "y");
  EXPECT_TRUE(got.chunks(0).dropped_trace());
  EXPECT_EQ(got.chunks(0).spans_size(), 2);
  EXPECT_EQ(got.chunks(1).priority(), -128);
}

TEST(V07, ABrokenChunkCostsItself) {
  struct Case {
    std::string chunk;
    std::uint64_t dropped;
  };
  const Case cases[] = {{number(1), 1},
                        {v07_chunk({span(2)}, {{"priority", text("x")}}), 1},
                        {v07_chunk({span(2), span(4, 0, {{"name", number(1)}})}), 2},
                        {map({{"spans", number(1)}}), 1},
                        {map({}), 0},
                        {map({{"spans", kNil}}), 0}};
  for (const Case& each : cases) {
    Plugin plugin;
    const auto payload = shipped(plugin, "/v0.7/traces",
                                 map({{"chunks", array({v07_chunk({span(1)}), each.chunk, v07_chunk({span(3)})})}}));
    ASSERT_EQ(payload.tracer_payloads_size(), 1);
    EXPECT_EQ(payload.tracer_payloads(0).chunks_size(), 2);
    EXPECT_EQ(plugin.counter("dropped.malformed"), each.dropped);
  }
}

TEST(V07, ACutKeepsTheChunksBefore) {
  const std::string first = v07_chunk({span(1)}), second = v07_chunk({span(2)});
  const std::string body = map({{"env", text("e")}, {"chunks", array({first, second})}});
  for (std::size_t cut = 1; cut <= second.size(); ++cut) {
    Plugin plugin;
    const auto payload = shipped(plugin, "/v0.7/traces", body.substr(0, body.size() - cut));
    ASSERT_EQ(payload.tracer_payloads_size(), 1) << cut;
    EXPECT_EQ(payload.tracer_payloads(0).chunks_size(), 1);
    EXPECT_EQ(plugin.counter("dropped.malformed"), 1u);
  }
}

// ---- v1.0

using Numbered = std::vector<std::pair<std::uint64_t, std::string>>;
std::string numbered(const Numbered& fields) {
  std::string out = counted('\xdf', fields.size());
  for (const auto& [key, value] : fields) out += number(key) + value;
  return out;
}
std::string trace_id(std::uint64_t high, std::uint64_t low) {
  return binary(number(high).substr(1) + number(low).substr(1));
}

TEST(V10, EveryFieldFindsItsPlace) {
  const std::string attributes =
      array({text("t"),
             number(1),
             text("v"),  // strings 6 and 7
             text("b"),
             number(2),
             kTrue,  // 8
             text("d"),
             number(3),
             real(0.5),
             text("i"),
             number(4),
             number(42),  // 9, 10
             text("raw"),
             number(5),
             binary(std::string("\x00\xff", 2)),  // 11
             text("list"),
             number(6),  // 12
             array({number(1), number(7), number(4), number(1), number(6), array({number(2), kFalse})}),
             text("map"),
             number(7),
             array({text("k"), number(1), text("\"")})});  // 13 to 15
  const std::string link = numbered({{1, trace_id(1, 2)},
                                     {2, number(3)},
                                     {3, array({text("lk"), number(4), number(5)})},
                                     {4, text("a=b")},
                                     {5, number(1)}});
  const std::string event =
      numbered({{1, number(kStart)},
                {2, text("boom")},
                {3, array({text("ea"), number(6), array({number(4), number(1), number(1), text("z")}), text("eb"),
                           number(2), kTrue})}});
  const std::string one = numbered({{1, text("shop")},
                                    {2, text("web")},
                                    {3, text("GET /")},
                                    {4, number(1)},
                                    {5, number(0)},
                                    {6, number(kStart)},
                                    {7, number(5)},
                                    {8, kTrue},
                                    {9, attributes},
                                    {10, text("http")},
                                    {11, array({link})},
                                    {12, array({event})},
                                    {13, text("prod")},
                                    {14, text("1.2")},
                                    {15, text("net/http")},
                                    {16, number(2)},
                                    {99, text("unknown")}});
  const std::string two =
      numbered({{1, number(3)}, {2, number(4)}, {3, number(5)}, {4, number(2)}, {5, number(1)}, {8, kFalse}});
  const std::string chunk = numbered({{1, "\xff"},
                                      {2, text("rum")},
                                      {4, array({one, two})},
                                      {3, array({text("ct"), number(1), number(7)})},
                                      {5, kTrue},
                                      {6, trace_id(0xabc, 7)},
                                      {7, number(4)}});
  Plugin plugin;
  const auto payload = shipped(
      plugin, "/v1.0/traces", numbered({{2, text("container")}, {3, number(0)}, {7, number(0)}, {11, array({chunk})}}));
  // Strings: 1 container, 2 rum, 3 shop, 4 web, 5 GET /, 6 t, 7 v, …
  ASSERT_EQ(payload.tracer_payloads_size(), 1);
  EXPECT_EQ(payload.tracer_payloads(0).container_id(), "container");
  EXPECT_EQ(payload.tracer_payloads(0).env(), "prod");
  const auto& got = payload.tracer_payloads(0).chunks(0);
  EXPECT_EQ(got.priority(), -1);
  EXPECT_EQ(got.origin(), "rum");
  EXPECT_TRUE(got.dropped_trace());
  EXPECT_EQ(got.tags().at("_dd.p.dm"), "-4");
  EXPECT_EQ(got.tags().at("ct"), "v");
  ASSERT_EQ(got.spans_size(), 2);
  const auto& first = got.spans(0);
  EXPECT_EQ(first.service(), "shop");
  EXPECT_EQ(first.type(), "http");
  EXPECT_EQ(first.trace_id(), 7u);
  EXPECT_EQ(first.span_id(), 1u);
  EXPECT_EQ(first.start(), kStart);
  EXPECT_EQ(first.duration(), 5);
  EXPECT_EQ(first.error(), 1);
  const auto& meta = first.meta();
  EXPECT_EQ(meta.at("t"), "v");
  EXPECT_EQ(meta.at("b"), "true");
  EXPECT_EQ(meta.at("list"), R"(["v",1,[false]])");
  EXPECT_EQ(meta.at("map"), R"({"k":"\""})");
  EXPECT_EQ(meta.at("env"), "prod");
  EXPECT_EQ(meta.at("version"), "1.2");
  EXPECT_EQ(meta.at("component"), "net/http");
  EXPECT_EQ(meta.at("span.kind"), "server");
  EXPECT_EQ(meta.at("_dd.p.tid"), "0000000000000abc");
  EXPECT_EQ(first.metrics().at("d"), 0.5);
  EXPECT_EQ(first.metrics().at("i"), 42);
  EXPECT_EQ(first.meta_struct().at("raw"), std::string("\x00\xff", 2));
  ASSERT_EQ(first.span_links_size(), 1);
  EXPECT_EQ(first.span_links(0).trace_id(), 2u);
  EXPECT_EQ(first.span_links(0).trace_id_high(), 1u);
  EXPECT_EQ(first.span_links(0).attributes().at("lk"), "5");
  EXPECT_EQ(first.span_links(0).tracestate(), "a=b");
  ASSERT_EQ(first.span_events_size(), 1);
  EXPECT_EQ(first.span_events(0).attributes().at("ea").array_value().values(1).string_value(), "z");
  EXPECT_TRUE(first.span_events(0).attributes().at("eb").bool_value());
  EXPECT_EQ(got.spans(1).service(), "shop");
  EXPECT_EQ(got.spans(1).name(), "web");
  EXPECT_EQ(got.spans(1).resource(), "GET /");
  EXPECT_EQ(got.spans(1).parent_id(), 1u);
  EXPECT_EQ(got.spans(1).trace_id(), 7u);
  EXPECT_EQ(got.spans(1).error(), 0);
}

// Behind a span that is not usable the numbers of the strings are still right.
TEST(V10, AnUnusableSpanCostsItsTraceAndNotTheStringsInIt) {
  const std::string bad[] = {numbered({{1, text("two")}, {8, text("three")}, {2, text("four")}}),
                             numbered({{1, text("two")}, {2, number(77)}, {3, text("three")}, {10, text("four")}}),
                             numbered({{9, array({text("two"), number(9), text("three")})}, {1, text("four")}}),
                             array({text("two"), map({{"three", text("four")}})})};
  for (const std::string& each : bad) {
    const auto chunk = [](const std::vector<std::string>& spans, std::uint64_t id) {
      return numbered({{6, trace_id(0, id)}, {4, array(spans)}});
    };
    const std::string body = numbered(
        {{11,
          array({chunk({numbered({{1, text("one")}, {4, number(1)}}), each}, 1),
                 chunk({numbered({{1, number(1)}, {2, number(4)}, {3, text("five")}, {10, number(5)}, {4, number(2)}})},
                       2)})}});
    Plugin plugin;
    const auto payload = shipped(plugin, "/v1.0/traces", body);
    ASSERT_EQ(payload.tracer_payloads_size(), 1);
    ASSERT_EQ(payload.tracer_payloads(0).chunks_size(), 1);
    const auto& got = payload.tracer_payloads(0).chunks(0).spans(0);
    EXPECT_EQ(got.service(), "one");
    EXPECT_EQ(got.name(), "four");
    EXPECT_EQ(got.type(), "five");
    EXPECT_EQ(plugin.counter("dropped.malformed"), 2u);
  }
}

TEST(V10, TakesAListOfStringsAheadAndChunksThatAreNone) {
  const std::string body = numbered(
      {{1, array({text("a"), text("b")})},
       {11, array({number(3), numbered({{6, binary("short")}}),
                   numbered({{6, trace_id(0, 9)}, {4, array({numbered({{1, number(2)}, {4, number(1)}})})}})})}});
  Plugin plugin;
  const auto payload = shipped(plugin, "/v1.0/traces", body);
  EXPECT_EQ(payload.tracer_payloads(0).chunks(0).spans(0).service(), "b");
  EXPECT_EQ(plugin.counter("dropped.malformed"), 2u);
}

// ---- JSON

TEST(JsonTraces, EveryFieldFindsItsPlace) {
  const std::string body =
      R"( [ [ {"service":"sh\u00f6p","name":"web","resource":"GET \/","trace_id":18446744073709551615,
    "span_id":1,"parent_id":0,"start":1700000000000000000,"duration":5,"error":1,"type":"http","unknown":[{"a":[]}],
    "meta":{"env":"prod","k":null,"esc\n":"\"q\""},"metrics":{"_sampling_priority_v1":1,"half":5e-1},
    "meta_struct":{"raw":"AP8=","none":null},
    "span_links":[{"trace_id":1,"trace_id_high":2,"span_id":3,"attributes":{"a":"b"},"tracestate":"t","flags":1}],
    "span_events":[{"time_unix_nano":9,"name":"e","attributes":{"s":{"type":0,"string_value":"x"},
      "l":{"type":4,"array_value":{"values":[{"type":2,"int_value":-3},{"type":3,"double_value":2}]}}}}]} ],
    null, [], [{"span_id":2,"trace_id":3}] ] )";
  Plugin plugin;
  const auto payload = shipped(plugin, "/v0.3/traces", body, "application/json");
  ASSERT_EQ(payload.tracer_payloads(0).chunks_size(), 2);
  EXPECT_EQ(plugin.counter("dropped.malformed"), 1u);  // null is no trace
  const auto& chunk = payload.tracer_payloads(0).chunks(0);
  EXPECT_EQ(chunk.priority(), 1);
  const auto& got = chunk.spans(0);
  EXPECT_EQ(got.service(), "sh\xc3\xb6p");
  EXPECT_EQ(got.resource(), "GET /");
  EXPECT_EQ(got.trace_id(), ~0ULL);
  EXPECT_EQ(got.start(), kStart);
  EXPECT_EQ(got.meta().at("esc\n"), "\"q\"");
  EXPECT_EQ(got.meta().at("k"), "");
  EXPECT_EQ(got.metrics().at("half"), 0.5);
  EXPECT_EQ(got.meta_struct().at("raw"), std::string("\x00\xff", 2));
  EXPECT_EQ(got.span_links(0).attributes().at("a"), "b");
  EXPECT_EQ(got.span_links(0).trace_id_high(), 2u);
  EXPECT_EQ(got.span_events(0).attributes().at("s").string_value(), "x");
  EXPECT_EQ(got.span_events(0).attributes().at("l").array_value().values(0).int_value(), -3);
  EXPECT_EQ(got.span_events(0).attributes().at("l").array_value().values(1).double_value(), 2);
}

TEST(JsonTraces, ASpanOfWrongTypesCostsItsTrace) {
  for (const std::string_view bad :
       {R"({"service":1})", R"({"trace_id":-1})", R"({"span_id":1.5})", R"({"error":99999999999})", R"({"meta":[]})",
        R"({"meta":{"a":1}})", R"({"metrics":{"a":"1"}})", R"({"meta_struct":{"a":"***"}})", R"({"start":"x"})", "7",
        R"("x")", "null", "[]", R"({"a":})", R"({"service":"x" "name":"y"})"}) {
    Plugin plugin;
    const auto payload = shipped(plugin, "/v0.4/traces",
                                 R"([[{"span_id":1,"trace_id":1}],[{"span_id":2,"trace_id":2},)" + std::string(bad)
                                     + R"(,{"span_id":4,"trace_id":2}],[{"span_id":3,"trace_id":3}]])",
                                 "application/json");
    ASSERT_EQ(payload.tracer_payloads_size(), 1) << bad;
    EXPECT_EQ(payload.tracer_payloads(0).chunks_size(), 2) << bad;
    EXPECT_EQ(plugin.counter("dropped.malformed"), 3u) << bad;
  }
}

TEST(JsonTraces, SpansWithoutTracesAreOneTracePerTraceId) {
  Plugin plugin;
  const auto payload = shipped(plugin, "/v0.1/spans",
                               R"([{"span_id":1,"trace_id":1},{"span_id":2,"trace_id":1},{"span_id":3,"trace_id":2}])",
                               "application/json");
  const auto& chunks = payload.tracer_payloads(0).chunks();
  ASSERT_EQ(chunks.size(), 2);
  EXPECT_EQ(chunks[0].spans_size(), 2);
  EXPECT_EQ(chunks[1].spans(0).span_id(), 3u);
}

TEST(JsonTraces, ACutKeepsTheTracesBefore) {
  const std::string first = R"([{"span_id":1,"trace_id":1}])",
                    second = R"([{"span_id":2,"trace_id":2,"meta":{"a":"b"}}])";
  const std::string body = "[" + first + "," + second + "]";
  for (std::size_t size = 2 + first.size(); size < body.size(); ++size) {
    Plugin plugin;
    const auto payload = shipped(plugin, "/v0.4/traces", body.substr(0, size), "application/json");
    ASSERT_EQ(payload.tracer_payloads_size(), 1) << size;
    EXPECT_EQ(payload.tracer_payloads(0).chunks(0).spans(0).span_id(), 1u);
  }
}

// ---- what holds for all of them

TEST(Wires, OfEqualKeysTheLastStays) {
  Fields few;
  for (int i = 0; i < 100; ++i) few.emplace_back("k" + std::to_string(i % 70), text(std::to_string(i)));
  Plugin plugin;
  const auto payload = shipped(
      plugin, "/v0.4/traces",
      array({array({span(1, 0, {{"meta", map(few)}}),
                    span(2, 1,
                         {{"meta", map({{"sql.query", text("SELECT 1")}, {"b", text("x")}, {"sql.query", text("?")}})},
                          {"metrics", map({{"m", number(1)}, {"m", number(2)}})}})})}));
  const auto& spans = payload.tracer_payloads(0).chunks(0).spans();
  std::size_t ours = 0;
  for (const auto& [key, value] : spans[0].meta()) ours += key.starts_with('k') ? 1 : 0;
  EXPECT_EQ(ours, 70u);
  EXPECT_EQ(spans[0].meta().at("k3"), "73");
  EXPECT_EQ(spans[0].meta().at("k40"), "40");
  EXPECT_EQ(spans[1].meta().at("sql.query"), "?");
  EXPECT_EQ(spans[1].metrics().at("m"), 2);
}

TEST(Wires, DropSpansThatCameBeforeAndCountThem) {
  Plugin plugin;
  const std::string body = array({array({span(1), span(2, 1)})});
  plugin.post(body);
  plugin.post(body);
  plugin.post(array({array({span(2, 1), span(3, 1)})}));
  const auto payload = decode(plugin.flush());
  EXPECT_EQ(plugin.counter("dropped.duplicate"), 3u);
  EXPECT_EQ(plugin.ledger().handed_out, 3u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Wires, FillTheChunkFieldsFromTheRootElseFromOthers) {
  const auto meta = [](std::string_view origin, std::string_view maker) {
    return Fields{{"meta", map({{"_dd.origin", text(origin)}, {"_dd.p.dm", text(maker)}})}};
  };
  Plugin plugin;
  plugin.post(
      array({array({span(1, 9, meta("no", "-9")), span(2, 0, meta("lambda", "-1"))}),
             array({span(3, 4, meta("x", "-3")), span(4, 3)}),  // nobody's parent is absent: the last is the root
             array({span(5, 99, meta("far", "-5")), span(6, 5)})}));
  const auto payload = decode(plugin.flush());
  const auto& chunks = payload.tracer_payloads(0).chunks();
  EXPECT_EQ(chunks[0].origin(), "lambda");
  EXPECT_EQ(chunks[0].tags().at("_dd.p.dm"), "-1");
  EXPECT_EQ(chunks[1].origin(), "");
  EXPECT_EQ(chunks[1].tags().at("_dd.p.dm"), "-3");
  EXPECT_EQ(chunks[2].origin(), "far");
}

// A trace that is too large for one unit of work goes out in pieces, and nothing of it is lost.
TEST(Wires, CutATraceOfAHundredThousandSpans) {
  constexpr std::size_t kSpans = 100'000;
  std::string spans;
  for (std::size_t i = 1; i <= kSpans; ++i)
    spans += span(i, i - 1, {{"metrics", map({{"_sampling_priority_v1", number(i == 1 ? 2 : 1)}})}});
  Plugin plugin;
  plugin.post("\x91" + counted('\xdd', kSpans) + spans);
  std::size_t units = 0;
  while (plugin.work_once()) {
    ++units;
    ASSERT_TRUE(plugin.ledger().balances());
  }
  EXPECT_GT(units, spans.size() / (2 * traces::kWorkBytes));
  const auto payload = decode(plugin.flush());
  std::size_t shipped_spans = 0, chunks = 0;
  for (const auto& each : payload.tracer_payloads())
    for (const auto& chunk : each.chunks()) {
      shipped_spans += static_cast<std::size_t>(chunk.spans_size());
      EXPECT_GT(chunk.priority(), 0);
      ++chunks;
    }
  EXPECT_EQ(shipped_spans, kSpans);
  EXPECT_GT(chunks, 5u);
}

TEST(Wires, DropASpanWhoseViewsWouldTakeManyTimesItsBytes) {
  std::string links = counted('\xdd', 1'000'000);
  links.append(1'000'000, '\x80');
  Plugin plugin;
  const auto payload =
      shipped(plugin, "/v0.4/traces", array({array({span(1, 0, {{"span_links", links}})}), array({span(2)})}));
  EXPECT_EQ(payload.tracer_payloads(0).chunks_size(), 1);
  EXPECT_EQ(plugin.counter("dropped.malformed"), 1u);
}

// A claim costs the rest of the body, never memory or a stack; what was read before is shipped.
TEST(Wires, BelieveNoDepthLengthOrCount) {
  const std::string deep = std::string(200'000, '\x91') + "\xc0";
  const std::string four_bytes(4, '\xff');
  const std::string claims[] = {"\xdb" + four_bytes, "\xc6" + four_bytes, "\xdd" + four_bytes,
                                "\xdf" + four_bytes, "\xc9" + four_bytes, std::string(200'000, '\x91')};
  for (const char* const field : {"unknown", "service", "meta", "metrics", "meta_struct", "span_links", "span_events"})
    for (const std::string& claim : claims) {
      Plugin plugin;
      plugin.post(array({array({span(1)}), array({span(2, 0, {{field, claim}})})}));
      const auto payload = decode(plugin.flush());
      ASSERT_EQ(payload.tracer_payloads_size(), 1) << field;
      EXPECT_EQ(payload.tracer_payloads(0).chunks_size(), 1) << field;
      EXPECT_EQ(plugin.counter("dropped.malformed"), 1u) << field;
      EXPECT_TRUE(plugin.ledger().balances()) << field;
    }
  Plugin plugin;
  plugin.post(array({array({span(1, 0, {{"unknown", deep}}), span(2)})}));
  EXPECT_EQ(decode(plugin.flush()).tracer_payloads(0).chunks(0).spans_size(), 2);
}

// Whatever is cut off or changed in a body, of any wire: spans in = spans out + dropped.
TEST(Wires, AccountForEverySpanWhereverABodyIsCutOrChanged) {
  struct Case {
    std::string_view path, type;
    std::string body;
  };
  const Case cases[] = {
      {"/v0.4/traces", "application/msgpack",
       array({array({span(1, 0, {{"meta", map({{"a", text("b")}})}}), span(2, 1)}), array({span(3)})})},
      {"/v0.5/traces", "application/msgpack", v05({array({v05_span(1), v05_span(2)}), array({v05_span(3)})})},
      {"/v0.7/traces", "application/msgpack",
       map({{"chunks", array({v07_chunk({span(1), span(2)}), v07_chunk({span(3)})})}, {"env", text("e")}})},
      {"/v1.0/traces", "application/msgpack",
       numbered({{3, text("go")},
                 {11, array({numbered(
                          {{4, array({numbered({{1, text("a")},
                                                {4, number(1)},
                                                {9, array({text("k"), number(6), array({number(4), number(2)})})}})})},
                           {6, trace_id(1, 2)}})})}})},
      {"/v0.3/traces", "application/json", R"([[{"span_id":1,"trace_id":1,"meta":{"a":"b"}}],[{"span_id":3}]])"}};
  constexpr char kChanges[] = {'\x00', '\x7f', '\x80', '\x91', '\xc0', '\xc1', '\xdd', '\xdf', '\xff'};
  for (const Case& each : cases)
    for (std::size_t i = 0; i < each.body.size(); ++i)
      for (const bool cut : {true, false}) {
        std::string body = each.body;
        if (cut)
          body.resize(i);
        else
          body[i] = kChanges[i % std::size(kChanges)];
        Plugin plugin;
        plugin.post(body, {{"Content-Type", std::string(each.type)}}, each.path);
        plugin.work();
        ASSERT_TRUE(plugin.ledger().balances()) << each.path << " " << i << " " << cut;
        decode(plugin.flush());
        ASSERT_TRUE(plugin.ledger().balances()) << each.path << " " << i << " " << cut;
        ASSERT_EQ(plugin.ledger().pending, 0u);
        ASSERT_TRUE(plugin.faults().empty());
      }
}

}  // namespace
