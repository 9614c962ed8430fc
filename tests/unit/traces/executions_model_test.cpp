// Executions against a slow and obvious reference, over schedules in which the inputs of 1 to 64 invocations at once
// are shuffled, lost and told twice. The reference looks at one invocation at a time and at what it was told of, so
// that whatever one leaves on another is a difference.
#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "steps.hpp"

namespace {

using namespace steps;
using traces::Span;

#ifdef NDEBUG
constexpr unsigned kSchedules = 100'000;
#else
constexpr unsigned kSchedules = 10'000;  // an unoptimised build, or a sanitizer's, takes ten times as long
#endif

constexpr unsigned kAtOnceMax = 64;

enum class What { kInvoke, kStart, kPlaceholder, kEnd, kDone, kReport };

// `variant`: which start, end or status; the number of the invocation makes its values its own.
struct Input {
  What what = What::kInvoke;
  unsigned invocation = 0, variant = 0;
};
using Schedule = std::vector<Input>;

std::string id_of(unsigned i) { return "request-" + std::to_string(i); }
std::uint64_t trace_of(unsigned i) { return 1000 + i; }
std::uint64_t parent_of(unsigned i) { return 2000 + i; }
std::uint64_t span_of(unsigned i, unsigned variant) { return 3000 + 10 * i + variant; }
std::string queue_of(unsigned i) { return "queue-" + std::to_string(i); }

// ---- inputs, as the tracer and the host have them

// 0: the caller's context alone; 1: neither; 2: a message of a queue, with a context; 3: one without.
constexpr unsigned kStarts = 4;
bool has_context(unsigned variant) { return variant == 0 || variant == 2; }
bool has_queue(unsigned variant) { return variant >= 2; }

std::string event_of(unsigned i, unsigned variant) {
  const std::string context = "\"x-datadog-trace-id\":\"" + std::to_string(trace_of(i))
                              + "\",\"x-datadog-parent-id\":\"" + std::to_string(parent_of(i)) + "\"";
  if (!has_queue(variant)) return has_context(variant) ? "{\"headers\":{" + context + "}}" : "{}";
  std::string in_text;
  for (const char c : context) in_text.append(c == '"' ? "\\" : "").append(1, c);
  const std::string carrier =
      has_context(variant) ? R"("_datadog":{"dataType":"String","stringValue":"{)" + in_text + R"(}"})" : "";
  return R"({"Records":[{"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:)" + queue_of(i)
         + R"(","attributes":{"SentTimestamp":"1790000000000"},"messageAttributes":{)" + carrier + "}}]}";
}

constexpr unsigned kEnds = 3;  // 1 has an error, 2 names no trace
Headers end_of(unsigned i, unsigned variant) {
  Headers out = {{"x-datadog-span-id", std::to_string(span_of(i, variant))}};
  if (variant != 2) out.emplace_back("x-datadog-trace-id", std::to_string(trace_of(i)));
  if (variant == 1) out.emplace_back("x-datadog-invocation-error-type", "error of " + id_of(i));
  return out;
}

constexpr const char* kStatuses[] = {"success", "success", "error", "timeout"};

// ---- the reference: what becomes of one invocation

struct Told {
  bool invoked = false, done = false, over = false;
  std::optional<unsigned> start, end, placeholder;
  std::string status;
};
struct Outcome {
  bool any = false;
  unsigned start = 0;
  std::optional<unsigned> end, placeholder;
  std::string status;
};

struct Reference {
  std::vector<Told> told;
  std::vector<Outcome> outcomes;
  explicit Reference(std::size_t count) : told(count), outcomes(count) {}

  void take(const Input& input) {
    Told& now = told[input.invocation];
    if (now.over) return;
    switch (input.what) {
      case What::kInvoke: now.invoked = true; break;
      case What::kStart: now.start = input.variant; break;
      case What::kPlaceholder:
        if (now.invoked || now.start || now.end) now.placeholder = input.variant;  // else nobody knows whose it is
        break;
      case What::kEnd: now.end = input.variant; break;
      case What::kDone: now.done = now.invoked = true, now.status = kStatuses[input.variant]; break;
      case What::kReport: break;
    }
    if (now.done && now.start && now.end) finish(input.invocation);
    if (input.what == What::kReport) finish(input.invocation);
  }
  void finish(unsigned i) {
    Told& now = told[i];
    if (now.over) return;
    now.over = true;
    if (!now.start || !now.invoked) return;
    const bool cut_off = now.status == "timeout" || (!now.end && now.done && now.status != "success");
    const bool has_ids = now.end && (has_context(*now.start) || *now.end != 2);
    if (cut_off || has_ids) outcomes[i] = {true, *now.start, now.end, now.placeholder, now.status};
  }
  void shut_down() {
    for (unsigned i = 0; i < told.size(); ++i) finish(i);
  }
};

// ---- comparing

void check_lambda(const Span& lambda, unsigned i, const Outcome& wanted) {
  const bool context = has_context(wanted.start);
  const bool error = (wanted.end && *wanted.end == 1) || wanted.status == "timeout" || !wanted.end;
  const bool trace_is_given = context || (wanted.end && *wanted.end != 2);
  ASSERT_TRUE(trace_is_given ? lambda.trace_id == trace_of(i) : lambda.trace_id != 0) << lambda.trace_id;
  ASSERT_TRUE(wanted.end ? lambda.span_id == span_of(i, *wanted.end) : lambda.span_id != 0) << lambda.span_id;
  ASSERT_TRUE(has_queue(wanted.start) || lambda.parent_id == (context ? parent_of(i) : 0)) << lambda.parent_id;
  ASSERT_EQ(lambda.error, error ? 1 : 0);
  ASSERT_EQ(lambda.tag("function_trigger.event_source"), has_queue(wanted.start) ? "sqs" : "");
  ASSERT_EQ(lambda.tag("placeholder"), wanted.placeholder ? id_of(i) + std::to_string(*wanted.placeholder) : "");
  const std::string error_type = wanted.status == "timeout"       ? "Timeout"
                                 : wanted.end && *wanted.end == 1 ? "error of " + id_of(i)
                                                                  : "";
  ASSERT_EQ(lambda.tag("error.type"), error_type);
}

void check_chunk(const Chunk& chunk, unsigned i, const Outcome& wanted) {
  ASSERT_TRUE(wanted.any) << "nothing is to be told of it, or it was told already";
  ASSERT_EQ(chunk.size(), has_queue(wanted.start) ? 2u : 1u);
  const Span& lambda = chunk.spans()[0];
  check_lambda(lambda, i, wanted);
  if (!has_queue(wanted.start)) return;
  const Span& queue = chunk.spans()[1];
  ASSERT_EQ(queue.resource, queue_of(i));
  ASSERT_EQ(queue.trace_id, lambda.trace_id);
  ASSERT_EQ(queue.span_id, lambda.parent_id);
  ASSERT_EQ(queue.parent_id, has_context(wanted.start) ? parent_of(i) : 0);
  ASSERT_EQ(queue.error, lambda.error);
}

// ---- schedules

struct Dice {
  std::mt19937 random;
  unsigned of(unsigned sides) { return static_cast<unsigned>(random() % sides); }
  bool chance(unsigned percent) { return of(100) < percent; }
};

// The host tells INVOKE, DONE and REPORTED once and in this order, where it tells them; what tracers do comes anywhere.
Schedule schedule_of(unsigned count, Dice& dice) {
  std::vector<Schedule> queues(count);
  std::size_t left = 0;
  for (unsigned i = 0; i < count; ++i) {
    Schedule& queue = queues[i];
    if (dice.chance(95)) queue.push_back({What::kInvoke, i, 0});
    if (dice.chance(90)) queue.push_back({What::kDone, i, dice.of(4)});
    if (queue.size() == 2 && dice.chance(60)) queue.push_back({What::kReport, i, 0});
    for (const auto& [what, variants] :
         {std::pair{What::kStart, kStarts}, {What::kEnd, kEnds}, {What::kPlaceholder, 2u}}) {
      if (!dice.chance(85)) continue;
      const unsigned variant = dice.of(variants);
      for (unsigned times = dice.chance(15) ? 2 : 1; times > 0; --times)
        queue.insert(queue.begin() + dice.of(static_cast<unsigned>(queue.size()) + 1), {what, i, variant});
    }
    left += queue.size();
  }
  Schedule out;
  std::vector<std::size_t> at(count, 0);
  while (out.size() < left) {
    unsigned i = dice.of(count);
    while (at[i] == queues[i].size()) i = (i + 1) % count;
    out.push_back(queues[i][at[i]++]);
  }
  return out;
}

// What the tracers of 64 invocations say, written down once.
struct Texts {
  std::vector<std::string> ids;
  std::vector<std::vector<std::string>> events;
  std::vector<std::vector<Headers>> ends;
  Texts() {
    for (unsigned i = 0; i < kAtOnceMax; ++i) {
      ids.push_back(id_of(i));
      events.emplace_back(), ends.emplace_back();
      for (unsigned variant = 0; variant < kStarts; ++variant) events[i].push_back(event_of(i, variant));
      for (unsigned variant = 0; variant < kEnds; ++variant) ends[i].push_back(end_of(i, variant));
    }
  }
};

void play(Steps& steps, const Input& input) {
  static const Texts texts;
  const std::string& id = texts.ids[input.invocation];
  switch (input.what) {
    case What::kInvoke: return steps.invoke(id);
    case What::kStart: return void(steps.start(id, texts.events[input.invocation][input.variant]));
    case What::kEnd: return steps.end(id, texts.ends[input.invocation][input.variant]);
    case What::kDone: return steps.done(id, kStatuses[input.variant]);
    case What::kReport: return steps.reported(id);
    case What::kPlaceholder: break;
  }
  Chunk arriving;
  Span& placeholder = steps.arrives(arriving, "aws.lambda", "dd-tracer-serverless-span");
  placeholder.set("request_id", id);
  const std::string value = id + std::to_string(input.variant);
  placeholder.set("placeholder", value);
  steps.executions.see(arriving, {});
}

class ExecutionsModel : public testing::TestWithParam<bool> {};

TEST_P(ExecutionsModel, WhateverTheOrderNothingIsMixedLostOrToldTwice) {
  ExecutionSettings given = settings();
  given.function.managed = GetParam();
  Dice dice{std::mt19937(GetParam() ? 4711 : 4712)};
  for (unsigned number = 0; number < kSchedules / 2; ++number) {
    SCOPED_TRACE(number);
    const unsigned count = number % 500 == 0 ? kAtOnceMax : dice.chance(4) ? 1 + dice.of(kAtOnceMax) : 1 + dice.of(4);
    Steps steps(given);
    Reference reference(count);
    std::vector<unsigned> chunks(count);
    const auto collect = [&] {
      while (steps.next()) {
        const std::string id(steps.chunk.spans()[0].tag("request_id"));
        const unsigned i = static_cast<unsigned>(std::stoul(id.substr(id.find('-') + 1)));
        ++chunks.at(i);
        check_chunk(steps.chunk, i, reference.outcomes.at(i));
        if (HasFatalFailure()) FAIL() << "of " << id;
      }
    };
    for (const Input& input : schedule_of(count, dice)) {
      reference.take(input);
      play(steps, input);
      if (!dice.chance(30)) continue;
      ASSERT_NO_FATAL_FAILURE(collect());
    }
    reference.shut_down();
    steps.executions.shut_down(kStart);
    ASSERT_NO_FATAL_FAILURE(collect());
    for (unsigned i = 0; i < count; ++i) ASSERT_EQ(chunks[i], reference.outcomes[i].any ? 1u : 0u) << id_of(i);
  }
}

INSTANTIATE_TEST_SUITE_P(, ExecutionsModel, testing::Bool(),
                         [](const auto& each) { return each.param ? "OnAManagedInstance" : "OnDemand"; });

}  // namespace
