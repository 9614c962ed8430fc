// Defects that others have where a caller's trace is recognised: each a test that they are not here. The numbers are
// those of the specification; what has none was found by fuzzing.
#include <gtest/gtest.h>

#include "invocation/context_sources.hpp"

namespace {

using namespace traces::invocation;
using Header = std::pair<std::string_view, std::string_view>;

std::optional<TraceContext> extracted(std::vector<Style> styles, const std::vector<Header>& headers,
                                      bool baggage = false) {
  Propagation propagation;
  propagation.styles = std::move(styles);
  propagation.opentracing_baggage = baggage;
  Carrier carrier;
  for (const auto& [name, value] : headers) carrier.put(name, value);
  return propagation.extract(carrier);
}
std::string tag(const std::optional<TraceContext>& context, std::string_view key) {
  const std::string* found = context ? context->find(key) : nullptr;
  return found == nullptr ? "(none)" : *found;
}

TEST(PropagationDefects, X7_AGenuineIdOfXRayIsNoTraceOfDatadogs) {
  EXPECT_FALSE(context_of_aws_header("Root=1-6663a5b5-3f7c4a1d9d1b3c5e00000001;Parent=2a1f;Sampled=1"));
  const auto ours = context_of_aws_header("Lineage=a:0;Sampled=1;Parent=2a1f;Root=1-6663a5b5-000000003f7c4a1d9d1b3c5e");
  ASSERT_TRUE(ours);
  EXPECT_EQ(ours->trace_id, 0x3f7c4a1d9d1b3c5eu);
  EXPECT_EQ(ours->parent_id, 0x2a1fu);
  EXPECT_EQ(ours->priority, 1);
}

TEST(PropagationDefects, X8_AHeaderOfXRayMayEndAnywhere) {
  const std::string_view whole = "Root=1-6663a5b5-000000003f7c4a1d9d1b3c5e;Parent=2a1f";
  for (std::size_t i = 0; i <= whole.find("Parent=") + 7; ++i)
    EXPECT_FALSE(context_of_aws_header(whole.substr(0, i))) << i;
  EXPECT_TRUE(context_of_aws_header(whole));
}

TEST(PropagationDefects, X9_TheHighHalfHasSixteenDigits) {
  for (int i = 0; i < 64; ++i) {  // some begin with a zero
    StateMachineIds ids;
    ids.found = true;
    const std::string id = "execution " + std::to_string(i);
    ids.execution_id = id, ids.state_name = "s", ids.entered_time = "t";
    const auto context = context_of(ids);
    ASSERT_TRUE(context);
    EXPECT_EQ(tag(context, "_dd.p.tid"), hex16(context->trace_id_high));
    EXPECT_EQ(tag(context, "_dd.p.tid").size(), 16u);
  }
}

TEST(PropagationDefects, X10_AFlagOfB3AloneHidesNoLaterStyle) {
  for (const std::string_view flag : {"0", "1", "d"}) {
    const auto context = extracted({Style::kB3, Style::kDatadog}, {{"b3", flag}, {"x-datadog-trace-id", "5"}});
    ASSERT_TRUE(context) << flag;
    EXPECT_EQ(context->trace_id, 5u);
    EXPECT_FALSE(extracted({Style::kB3}, {{"b3", flag}}));
  }
}

// Spans have the low half for an id.
TEST(PropagationDefects, AnIdWhoseLowHalfIsZeroIsNoContext) {
  const Header half = {"traceparent", "00-66bcb5eb000000000000000000000000-0000000000001234-01"};
  EXPECT_FALSE(extracted({Style::kTraceContext}, {half}));
  const auto context = extracted({Style::kTraceContext, Style::kDatadog}, {half, {"x-datadog-trace-id", "5"}});
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id, 5u);
}

TEST(PropagationDefects, TheTagOfTheHighHalfIsWhatTheIdSays) {
  const std::string_view wide = "00-66bcb5eb000000000000000000000929-0000000000001234-01",
                         narrow = "00-00000000000000000000000000000929-0000000000001234-01";
  EXPECT_EQ(
      tag(extracted({Style::kTraceContext}, {{"traceparent", wide}, {"tracestate", "dd=s:1;t.tid:junk"}}), "_dd.p.tid"),
      "66bcb5eb00000000");
  EXPECT_EQ(tag(extracted({Style::kTraceContext}, {{"traceparent", narrow}, {"tracestate", "dd=s:1;t.tid:junk"}}),
                "_dd.p.tid"),
            "(none)");
}

TEST(PropagationDefects, BaggageTakesNoTagOfDatadogsAndOnlySoMuchRoom) {
  const std::string long_text(5000, 'x');
  const auto context = extracted({Style::kDatadog},
                                 {{"x-datadog-trace-id", "5"},
                                  {"ot-baggage-_dd.p.tid", "x"},
                                  {"ot-baggage-", "x"},
                                  {"OT-Baggage-User", "ann"},
                                  {"ot-baggage-a", long_text},
                                  {"ot-baggage-b", long_text}},
                                 true);
  EXPECT_EQ(tag(context, "_dd.p.tid"), "(none)");
  EXPECT_EQ(tag(context, ""), "(none)");
  EXPECT_EQ(tag(context, "user"), "ann");
  EXPECT_EQ(tag(context, "a"), long_text);
  EXPECT_EQ(tag(context, "b"), "(none)");
}

TEST(PropagationDefects, AHeaderThatIsTooLongIsNoContext) {
  const std::string state = "dd=s:1," + std::string(kCarriedBytesMax, 'x');
  const auto context =
      extracted({Style::kTraceContext},
                {{"traceparent", "00-66bcb5eb000000000000000000000929-0000000000001234-01"}, {"tracestate", state}});
  ASSERT_TRUE(context);
  EXPECT_EQ(tag(context, "tracestate"), "(none)");
}

}  // namespace
