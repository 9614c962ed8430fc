#include "invocation/invocations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/limits.hpp"

namespace agent {
namespace {

using namespace std::chrono_literals;
constexpr Wall kStart = Wall(1'700'000'000s);

struct Told {
  std::uint32_t event;
  std::string id, status;
  double billed_ms;
};

// Keeps what the plugins would be told.
class Model {
 public:
  explicit Model(bool managed = false) : invocations(kStart, managed) {}

  template <class Fact>
  void feed(Fact fact) {
    InvocationSteps steps;
    fact(invocations, steps);
    for (const InvocationStep& step : steps)
      told.push_back({step.event, step.invocation->request_id, step.invocation->status, step.invocation->billed_ms});
  }
  void invoke(const std::string& id, Wall at = kStart + 1s) {
    feed([&](Invocations& model, InvocationSteps& steps) { model.invoke(id, "arn", at + 30s, at, steps); });
  }
  void start(const std::string& id) {
    feed([&](Invocations& model, InvocationSteps& steps) { model.tracer_start(id, {}, steps); });
  }
  void end(const std::string& id) {
    feed([&](Invocations& model, InvocationSteps& steps) { model.tracer_end(id, {}, false, steps); });
  }
  void platform_start(const std::string& id) {
    feed([&](Invocations& model, InvocationSteps& steps) { model.started(id, "$LATEST", kStart + 1s, steps); });
  }
  void done(const std::string& id, std::string_view status = "success") {
    DoneFacts facts;
    facts.status = status;
    feed([&](Invocations& model, InvocationSteps& steps) { model.done(id, facts, kStart + 2s, steps); });
  }
  void report(const std::string& id, std::string_view status = "success") {
    ReportFacts facts;
    facts.status = status;
    facts.billed_ms = 7;
    feed([&](Invocations& model, InvocationSteps& steps) { model.reported(id, facts, kStart + 2s, steps); });
  }
  void shut_down(std::string_view reason) {
    feed([&](Invocations& model, InvocationSteps& steps) { model.shut_down(reason, kStart + 3s, steps); });
  }
  std::vector<std::uint32_t> events(const std::string& id) const {
    std::vector<std::uint32_t> events;
    for (const Told& step : told)
      if (step.id == id) events.push_back(step.event);
    return events;
  }

  Invocations invocations;
  std::vector<Told> told;
};

using Events = std::vector<std::uint32_t>;
const Events kWhole = {SLS_INVOKE, SLS_DONE, SLS_REPORTED};

TEST(Invocations, TellsAnOrdinaryInvocationInOrderAndCloses) {
  Model model;
  model.invoke("a");
  model.platform_start("a");
  model.start("a");
  model.end("a");
  EXPECT_FALSE(model.invocations.is_done("a"));
  model.done("a");
  EXPECT_TRUE(model.invocations.is_done("a"));
  model.report("a");
  EXPECT_EQ(model.events("a"), (Events{SLS_INVOKE, SLS_TRACER_START, SLS_TRACER_END, SLS_DONE, SLS_REPORTED}));
  EXPECT_EQ(model.invocations.open(), 0u);
}

TEST(Invocations, KeepsTheSpanOfTimeBetweenStartAndEndMarkedIncomplete) {
  Model model;
  model.invoke("a");
  model.start("a");
  EXPECT_TRUE(model.invocations.find("a")->execution_incomplete);
  model.end("a");
  EXPECT_FALSE(model.invocations.find("a")->execution_incomplete);
}

TEST(Invocations, GivesTheSameResultInAnyOrderWithLossesAndRepeats) {
  std::mt19937 random(20261124);
  for (int round = 0; round < 20'000; ++round) {
    Model model;
    const int count = 1 + static_cast<int>(random() % 4);
    std::vector<std::pair<int, int>> facts;  // invocation, fact
    std::map<int, unsigned> present;         // bit per fact
    for (int i = 0; i < count; ++i)
      for (int fact = 0; fact < 6; ++fact) {
        if (fact != 0 && random() % 6 == 0) continue;  // lost; INVOKE is not
        present[i] |= 1u << fact;
        const int copies = fact >= 3 && random() % 8 == 0 ? 2 : 1;
        for (int c = 0; c < copies; ++c) facts.emplace_back(i, fact);
      }
    std::shuffle(facts.begin(), facts.end(), random);
    for (const auto& [i, fact] : facts) {
      const std::string id(1, static_cast<char>('a' + i));
      switch (fact) {
        case 0: model.invoke(id); break;
        case 1: model.start(id); break;
        case 2: model.end(id); break;
        case 3: model.platform_start(id); break;
        case 4: model.done(id, "error"); break;
        case 5: model.report(id, "error"); break;
      }
    }
    model.shut_down("spindown");
    for (int i = 0; i < count; ++i) {
      const std::string id(1, static_cast<char>('a' + i));
      Events order;
      for (std::uint32_t event : model.events(id))
        if (event != SLS_TRACER_START && event != SLS_TRACER_END) order.push_back(event);
      Events expected = {SLS_INVOKE, SLS_DONE};
      if (present[i] & (1u << 5)) expected.push_back(SLS_REPORTED);
      ASSERT_EQ(order, expected) << "round " << round << " invocation " << id;
      const bool outcome_known = (present[i] & (1u << 4 | 1u << 5)) != 0;
      for (const Told& step : model.told)
        if (step.id == id && step.event == SLS_DONE) {
          ASSERT_EQ(step.status, outcome_known ? "error" : "") << "round " << round;
        }
    }
    ASSERT_EQ(model.invocations.open(), 0u);
  }
}

TEST(Invocations, PairsCallsWithoutIdsInSequence) {
  Model model;
  for (const char* id : {"a", "b", "c"}) {
    model.invoke(id);
    model.start("");
    model.end("");
    model.done(id);
    model.report(id);
    EXPECT_EQ(model.events(id), (Events{SLS_INVOKE, SLS_TRACER_START, SLS_TRACER_END, SLS_DONE, SLS_REPORTED})) << id;
  }
}

TEST(Invocations, HoldsAStartWithoutIdForTheNextInvoke) {
  Model model;
  model.start("");
  model.invoke("a");
  EXPECT_TRUE(model.invocations.find("a")->start.came);
  EXPECT_EQ(model.invocations.open(), 1u);
}

TEST(Invocations, TellsALateEndOfAClosedInvocationWithoutOpeningItAgain) {
  Model model;
  model.invoke("a");
  model.done("a");
  model.report("a");
  model.end("a");
  EXPECT_EQ(model.told.back().event, static_cast<std::uint32_t>(SLS_TRACER_END));
  model.end("");
  EXPECT_EQ(model.invocations.open(), 0u);
}

TEST(Invocations, JudgesColdStartOnceByTheTimeSinceInitialisation) {
  struct Case {
    Nanos after;
    bool snapshot, restored, cold, proactive;
  };
  for (const Case& c :
       {Case{9s, false, false, true, false}, Case{11s, false, false, false, true}, Case{61s, true, true, true, false},
        Case{71s, true, true, false, true}, Case{2h, true, false, true, false}}) {
    Model model;
    if (c.snapshot) model.invocations.expect_restore();
    if (c.restored) model.invocations.restore_started(kStart + 60s);
    model.invoke("a", kStart + c.after);
    EXPECT_EQ(model.invocations.find("a")->cold_start, c.cold);
    EXPECT_EQ(model.invocations.find("a")->proactive_init, c.proactive);
    model.done("a");
    model.report("a");
    model.invoke("b", kStart + c.after + 1s);
    EXPECT_FALSE(model.invocations.find("b")->cold_start) << "the buffer is empty, but it is not the first";
    EXPECT_FALSE(model.invocations.find("b")->proactive_init);
  }
}

TEST(Invocations, CloseTheOldestBeyondTheirLimit) {
  Model model;
  for (std::size_t i = 0; i < limits::kInvocationsMax + 100; ++i) model.invoke("id-" + std::to_string(i));
  EXPECT_EQ(model.invocations.open(), limits::kInvocationsMax);
  EXPECT_EQ(model.invocations.evicted(), 100u);
  EXPECT_EQ(model.invocations.find("id-99"), nullptr);
  EXPECT_NE(model.invocations.find("id-100"), nullptr);
}

TEST(Invocations, DoNotPileUpForFunctionsThatNeverCallStartOrEnd) {
  Model model;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = "id-" + std::to_string(i);
    model.invoke(id);
    model.done(id);
    model.report(id);
  }
  EXPECT_EQ(model.invocations.open(), 0u);
}

TEST(Invocations, LetTheOldestPayloadsGoBeyondTheirLimit) {
  Model model;
  const std::string payload(limits::kInvocationPayloadBytesMax / 2, 'x');
  for (const char* id : {"a", "b", "c"}) {
    TracerCall call;
    call.payload = payload;
    model.invoke(id);
    model.feed([&](Invocations& invocations, InvocationSteps& steps) {
      invocations.tracer_start(id, std::move(call), steps);
    });
    model.invocations.trim_payloads();
  }
  EXPECT_TRUE(model.invocations.find("a")->start.payload.empty());
  EXPECT_EQ(model.invocations.find("b")->start.payload.size(), payload.size());
  EXPECT_EQ(model.invocations.find("c")->start.payload.size(), payload.size());
}

TEST(Invocations, StartANewLifeOfAnIdThatIsInvokedAgain) {
  Model model;
  model.invoke("a");
  model.done("a", "error");
  model.invoke("a");
  EXPECT_FALSE(model.invocations.is_done("a"));
  model.done("a");
  model.report("a");
  EXPECT_EQ(model.told.back().status, "success");
}

TEST(Invocations, TellARunningOneItsEndAtShutdown) {
  for (const auto& [reason, status] :
       {std::pair{"timeout", "timeout"}, std::pair{"failure", "failure"}, std::pair{"spindown", ""}}) {
    Model model;
    model.invoke("a");
    model.shut_down(reason);
    ASSERT_EQ(model.events("a"), (Events{SLS_INVOKE, SLS_DONE}));
    EXPECT_EQ(model.told.back().status, status);
  }
}

TEST(Invocations, TakeStartAndReportAsInvokeAndDoneOnManagedInstances) {
  Model model(true);
  model.platform_start("a");
  model.platform_start("b");
  model.report("b");
  model.report("a");
  EXPECT_EQ(model.events("a"), kWhole);
  EXPECT_EQ(model.events("b"), kWhole);
}

TEST(Invocations, CountAnInvokeThatWasLostAtShutdown) {
  Model model;
  model.platform_start("a");
  model.done("a");
  model.report("a");
  EXPECT_TRUE(model.told.empty()) << "it may still come";
  model.shut_down("spindown");
  EXPECT_EQ(model.events("a"), kWhole);
  EXPECT_EQ(model.invocations.seen(), 1u);
}

TEST(Invocations, TellNothingOfIdsThatNeverWere) {
  Model model;
  model.report("ghost");
  model.done("ghost");
  model.shut_down("spindown");
  EXPECT_TRUE(model.told.empty());
}

}  // namespace
}  // namespace agent
