#include "pipeline.hpp"

#include <gtest/gtest.h>

#include "driven.hpp"
#include "in/proxied_routes.hpp"
#include "routes.hpp"

namespace {

using driven::decode;
using driven::HandedOut;
using driven::Plugin;

using namespace bodies;

TEST(Traces, AsksForItsRoutesAndItsIntake) {
  Plugin plugin(
      {.options = {{"receiver_port", "9126"}, {"bind_host", "0.0.0.0"}, {"apm_dd_url", "http://127.0.0.1:1/x/"}}});
  ASSERT_EQ(plugin.routes().size(), std::size(traces::kRoutes) + std::size(traces::kProxiedRoutes) + 1);
  EXPECT_EQ(plugin.routes()[0].address, "0.0.0.0:9126");
  EXPECT_EQ(plugin.routes()[0].method, "POST|PUT");
  EXPECT_EQ(plugin.routes()[0].path, "/v0.4/traces");
  EXPECT_EQ(plugin.routes()[0].body_bytes_max, 26'214'400u);
  EXPECT_EQ(plugin.intakes()[0][0].url, "http://127.0.0.1:1/x");
  EXPECT_EQ(plugin.routes().back().address, "0.0.0.0:8124");
  EXPECT_EQ(plugin.routes().back().path, "/trace-context");
  const Plugin deaf({.options = {{"receiver_port", "0"}, {"bind_host", "::1"}, {"lifecycle_api_port", "9124"}}});
  ASSERT_EQ(deaf.routes().size(), 1u) << "8126 is off, 8124 is the agent's";
  EXPECT_EQ(deaf.routes()[0].address, "[::1]:9124");
  EXPECT_EQ(Plugin({.options = {{"apm_dd_url", "trace.agent"}}}).intakes()[0][0].url, "https://trace.agent.{site}");
}

TEST(Traces, AnswersAtOnceAndShipsEveryFieldOfASpan) {
  Plugin plugin;
  const Fields more = {
      {"meta", map({{"env", text("prod")},
                    {"version", text("3")},
                    {"runtime-id", text("r-1")},
                    {"_dd.origin", text("lambda")}})},
      {"metrics", map({{"_sampling_priority_v1", number(2)}, {"half", "\xcb\x3f\xe0" + std::string(6, '\0')}})},
      {"meta_struct", map({{"blob", std::string("\xc4\x02\x00\xff", 4)}})},
      {"span_links", array({map({{"trace_id", number(1)},
                                 {"trace_id_high", number(2)},
                                 {"span_id", number(3)},
                                 {"flags", number(1)},
                                 {"tracestate", text("a=b")},
                                 {"attributes", map({{"k", text("v")}})}})})},
      {"unknown", array({number(1), map({{"x", "\xc0"}})})}};
  const auto answer = plugin.post(array({array({span(1, 0, more), span(2, 1)}), array({span(5)})}),
                                  {{"datadog-meta-lang", "nodejs"},
                                   {"Datadog-Meta-Lang-Version", "20"},
                                   {"Datadog-Meta-Tracer-Version", "5.1"},
                                   {"Datadog-Container-ID", "c1"}});
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, R"({"rate_by_service":{}})");
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].path, "/api/v0.2/traces");
  EXPECT_EQ(payloads[0].content_type, "application/x-protobuf");
  EXPECT_EQ(payloads[0].compress, sls::Compress::zstd);
  EXPECT_EQ(payloads[0].items, 3u);
  const auto decoded = decode(payloads);
  ASSERT_EQ(decoded.tracer_payloads_size(), 1);
  const auto& payload = decoded.tracer_payloads(0);
  EXPECT_EQ(payload.language_name(), "nodejs");
  EXPECT_EQ(payload.language_version(), "20");
  EXPECT_EQ(payload.tracer_version(), "5.1");
  EXPECT_EQ(payload.container_id(), "c1");
  EXPECT_EQ(payload.runtime_id(), "r-1");
  EXPECT_EQ(payload.env(), "prod");
  EXPECT_EQ(payload.app_version(), "3");
  ASSERT_EQ(payload.chunks_size(), 2);
  EXPECT_EQ(payload.chunks(0).priority(), 2);
  EXPECT_EQ(payload.chunks(0).origin(), "lambda");
  EXPECT_EQ(payload.chunks(1).priority(), -128);
  ASSERT_EQ(payload.chunks(0).spans_size(), 2);
  const auto& first = payload.chunks(0).spans(0);
  EXPECT_EQ(first.service(), "shop");
  EXPECT_EQ(first.name(), "web");
  EXPECT_EQ(first.resource(), "GET /");
  EXPECT_EQ(first.type(), "web");
  EXPECT_EQ(first.trace_id(), 7u);
  EXPECT_EQ(first.span_id(), 1u);
  EXPECT_EQ(first.start(), 1'700'000'000'000'000'000);
  EXPECT_EQ(first.duration(), 1'000'000);
  EXPECT_EQ(first.error(), 1);
  EXPECT_EQ(first.meta().at("_dd.origin"), "lambda");
  EXPECT_EQ(first.metrics().at("half"), 0.5);
  EXPECT_EQ(first.meta_struct().at("blob"), std::string("\x00\xff", 2));
  ASSERT_EQ(first.span_links_size(), 1);
  EXPECT_EQ(first.span_links(0).trace_id_high(), 2u);
  EXPECT_EQ(first.span_links(0).attributes().at("k"), "v");
  EXPECT_EQ(first.span_links(0).tracestate(), "a=b");
  EXPECT_EQ(payload.chunks(0).spans(1).parent_id(), 1u);
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_EQ(plugin.ledger().received, 3u);
  EXPECT_TRUE(plugin.faults().empty());
}

TEST(Traces, RefusesWhatIsNoArrayOfTraces) {
  const std::string claims_more = counted('\xdd', 1000) + "\x90";
  for (const std::string& bad :
       {std::string(), std::string("{}"), std::string("[[]]"), text("x"), map({}), claims_more}) {
    Plugin plugin;
    EXPECT_EQ(plugin.post(bad).status, 400u);
    EXPECT_EQ(plugin.counter("bodies_refused"), 1u);
    EXPECT_TRUE(plugin.flush().empty());
    EXPECT_TRUE(plugin.ledger().balances());
  }
}

TEST(Traces, TakesAnEmptyBodyOfTraces) {
  Plugin plugin;
  EXPECT_EQ(plugin.post("\x90").status, 200u);
  EXPECT_EQ(plugin.post(array({array({}), array({})})).status, 200u);
  EXPECT_TRUE(plugin.flush().empty());
  EXPECT_EQ(plugin.ledger().received, 0u);
}

// A broken trace costs itself, its neighbours live.
TEST(Traces, DropsTheTraceWithASpanThatIsNotUsable) {
  const std::string bad_spans[] = {span(9, 0, {{"service", number(1)}}),
                                   span(9, 0, {{"meta", text("no map")}}),
                                   span(9, 0, {{"meta", map({{"k", number(1)}})}}),
                                   span(9, 0, {{"metrics", map({{"k", text("v")}})}}),
                                   span(9, 0, {{"error", number(1ULL << 40)}}),
                                   span(9, 0, {{"start", number(~0ULL)}}),
                                   span(9, 0, {{"span_links", number(1)}}),
                                   number(3),
                                   text("x"),
                                   "\xc0"};
  for (const std::string& bad : bad_spans) {
    Plugin plugin;
    plugin.post(array({array({span(1)}), array({span(2), bad, span(3)}), array({span(4)})}));
    const auto decoded = decode(plugin.flush());
    ASSERT_EQ(decoded.tracer_payloads_size(), 1);
    ASSERT_EQ(decoded.tracer_payloads(0).chunks_size(), 2);
    EXPECT_EQ(decoded.tracer_payloads(0).chunks(1).spans(0).span_id(), 4u);
    EXPECT_EQ(plugin.counter("dropped.malformed"), 3u);
    EXPECT_EQ(plugin.ledger().received, 5u);
    EXPECT_TRUE(plugin.ledger().balances());
  }
}

TEST(Traces, StepsOverWhatIsNoTrace) {
  Plugin plugin;
  plugin.post(array({array({span(1)}), map({{"a", number(1)}}), "\xc0", array({span(2)})}));
  EXPECT_EQ(decode(plugin.flush()).tracer_payloads(0).chunks_size(), 2);
  EXPECT_EQ(plugin.counter("dropped.malformed"), 2u);
  EXPECT_TRUE(plugin.ledger().balances());
}

// What was complete before the cut is shipped, wherever the cut is.
TEST(Traces, KeepsTheTracesBeforeATruncation) {
  const std::string first = array({span(1), span(2)}), second = array({span(3), span(4)});
  const std::string whole = counted('\xdd', 2) + first + second;
  for (std::size_t n = 5 + first.size(); n < whole.size(); ++n) {
    Plugin plugin;
    plugin.post(whole.substr(0, n));
    const auto decoded = decode(plugin.flush());
    ASSERT_EQ(decoded.tracer_payloads_size(), 1) << n;
    EXPECT_EQ(decoded.tracer_payloads(0).chunks_size(), 1) << n;
    EXPECT_GE(plugin.counter("dropped.malformed"), 1u);
    EXPECT_TRUE(plugin.ledger().balances()) << n;
  }
}

TEST(Traces, IsLenientWhereTracersAre) {
  Plugin plugin;
  plugin.post(array({array({map({{"service", "\xc0"},
                                 {"name", std::string("\xc4\x01x", 3)},
                                 {"meta", "\xc0"},
                                 {"metrics", map({{"a", "\xc0"}, {"b", "\xff"}})},
                                 {"trace_id", number(7)},
                                 {"span_id", "\xd0\xff"},
                                 {"resource", text("bad \xff utf8")},
                                 {"span_events", "\xc0"},
                                 {"duration", text("soon")}})})}));
  const auto decoded = decode(plugin.flush());
  ASSERT_EQ(decoded.tracer_payloads_size(), 1);
  const auto& shipped = decoded.tracer_payloads(0).chunks(0).spans(0);
  EXPECT_EQ(shipped.service(), "unnamed-service");
  EXPECT_EQ(shipped.name(), "x");
  EXPECT_EQ(shipped.span_id(), ~0ULL);
  EXPECT_EQ(shipped.metrics().at("a"), 0);
  EXPECT_EQ(shipped.metrics().at("b"), -1);
  EXPECT_EQ(shipped.resource(), "bad \xef\xbf\xbd utf8");
  EXPECT_EQ(shipped.duration(), 0);
}

TEST(Traces, ShipsASpanThatIsNothingButItsIds) {
  const std::pair<std::string, std::string> trace{"trace_id", number(7)};
  Plugin plugin;
  plugin.post(array(
      {array({map({trace, {"span_id", number(1)}}),
              map({trace, {"span_id", number(2)}, {"meta", map({{"", text("")}})}, {"span_links", array({map({})})}})}),
       array({map({}), map({})})}));
  const auto decoded = decode(plugin.flush());
  ASSERT_EQ(decoded.tracer_payloads_size(), 1);
  ASSERT_EQ(decoded.tracer_payloads(0).chunks_size(), 1);
  ASSERT_EQ(decoded.tracer_payloads(0).chunks(0).spans_size(), 2);
  EXPECT_EQ(decoded.tracer_payloads(0).chunks(0).spans(1).meta().count(""), 1u);
  EXPECT_EQ(decoded.tracer_payloads(0).chunks(0).spans(1).span_links_size(), 1);
  EXPECT_EQ(plugin.counter("dropped.invalid"), 2u);
  EXPECT_TRUE(plugin.ledger().balances());
}

TEST(Traces, TakesThePriorityOfTheRootBeforeThatOfOthers) {
  const auto with = [](std::uint64_t priority) {
    return Fields{{"metrics", map({{"_sampling_priority_v1", number(priority)}})}};
  };
  Plugin plugin;
  plugin.post(array({array({span(2, 1, with(1)), span(1, 0, with(2))}), array({span(4, 3, with(1)), span(3, 0)})}));
  const auto decoded = decode(plugin.flush());
  EXPECT_EQ(decoded.tracer_payloads(0).chunks(0).priority(), 2);
  EXPECT_EQ(decoded.tracer_payloads(0).chunks(1).priority(), 1);
}

TEST(Traces, ReadsALargeBodyInManySmallUnits) {
  std::string traces;
  constexpr std::size_t kTraces = 4000;
  for (std::size_t i = 1; i <= kTraces; ++i)
    traces += array({span(i, 0, {{"meta", map({{"padding", text(std::string(500, 'p'))}})}})});
  Plugin plugin;
  plugin.post(counted('\xdd', kTraces) + traces);
  EXPECT_EQ(plugin.ledger().received, 0u);
  std::size_t units = 0;
  while (plugin.work_once()) {
    ++units;
    EXPECT_TRUE(plugin.ledger().balances());
  }
  EXPECT_GE(units, traces.size() / (2 * traces::kWorkBytes));
  EXPECT_EQ(plugin.ledger().pending, kTraces);
  const auto payloads = plugin.flush();
  std::size_t parts = 0;
  for (const HandedOut& payload : payloads) {
    EXPECT_LE(payload.body.size(), traces::kPayloadBytesMax);
    parts += payload.parts.size();
  }
  EXPECT_GE(parts, 8u);
  EXPECT_EQ(plugin.ledger().handed_out, kTraces);
  EXPECT_TRUE(plugin.ledger().balances());
}

// Each part of a payload is a payload of its own: the host may cut between any two.
TEST(Traces, HandsOutPartsThatStandAlone) {
  Plugin plugin;
  for (std::uint64_t i = 1; i < 7; i += 2)
    plugin.post(array({array({span(i), span(i + 1)})}), {{"Datadog-Meta-Lang", "go"}});
  const auto payloads = plugin.flush();
  ASSERT_EQ(payloads.size(), 1u);
  ASSERT_EQ(payloads[0].parts.size(), 3u);
  for (const HandedOut::Part& part : payloads[0].parts) {
    lab::wire::AgentPayload decoded;
    ASSERT_TRUE(decoded.ParseFromString(part.bytes));
    ASSERT_EQ(decoded.tracer_payloads_size(), 1);
    EXPECT_EQ(decoded.tracer_payloads(0).language_name(), "go");
    EXPECT_EQ(static_cast<std::uint64_t>(decoded.tracer_payloads(0).chunks(0).spans_size()), part.items);
  }
}

TEST(Traces, DropsAndCountsSpansWhenTooManyBytesWait) {
  auto body = [id = 0u]() mutable {
    id += 2;
    std::string bytes = text(std::string(9 << 20, 'p'));
    bytes[0] = '\xc6';  // binary
    return array({array({span(id, 0, {{"meta_struct", map({{"p", bytes}})}}), span(id + 1)})});
  };
  Plugin plugin;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(plugin.post(body()).status, 200u);
  EXPECT_EQ(plugin.counter("dropped.full"), 4u);  // two bodies of two spans
  plugin.work();
  EXPECT_EQ(plugin.ledger().pending, 4u);
  EXPECT_TRUE(plugin.ledger().balances());
  for (int i = 0; i < 2; ++i) plugin.post(body());
  plugin.work();
  EXPECT_EQ(plugin.counter("dropped.full"), 6u);  // parts are bounded as well: the large ones had no room
  EXPECT_LE(plugin.state().pending_bytes, traces::kPartBytesWaitingMax);
  EXPECT_TRUE(plugin.ledger().balances());
  EXPECT_EQ(plugin.flush().size(), 4u);
  EXPECT_EQ(plugin.state().pending_bytes, 0u);
}

TEST(Traces, CountsWhatTheIntakeRejects) {
  Plugin plugin;
  plugin.post(array({array({span(1), span(2)})}));
  plugin.deliver(plugin.flush().at(0), sls::Outcome::rejected, 400);
  EXPECT_EQ(plugin.counter("rejected_by_intake"), 2u);
}

}  // namespace
