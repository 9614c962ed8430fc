// The enhanced metrics against a slow and obvious reference, over schedules of facts that are shuffled, lost and told
// twice. The reference keeps plain sets of who was said to have done what; only a line or a copy without a request id
// makes it look at the order.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "between/enhanced.hpp"

namespace {

using metrics::Ending;
using metrics::Enhanced;
using metrics::EnhancedSample;
using metrics::PlatformFacts;
using metrics::PlatformKind;

enum class What { kInvoke, kInitStart, kInitReport, kStart, kDone, kReport, kTracerError, kLine, kCopy, kFlush };
struct Fact {
  What what = What::kFlush;
  std::string id{};
  Ending ending = Ending::kSuccess;
  bool out_of_memory = false;
  double ms = 0;
};
using Schedule = std::vector<Fact>;
// name (without its prefix) -> the values told, sorted.
using Told = std::map<std::string, std::multiset<double>>;

constexpr double kMemoryMb = 128;
#ifdef NDEBUG
constexpr unsigned kSchedules = 100'000;
#else
constexpr unsigned kSchedules = 20'000;  // an unoptimised build takes five times as long
#endif

PlatformFacts platform_fact(const Fact& fact) {
  PlatformFacts out;
  out.time_ns = 1'000'000'000;
  out.ending = fact.ending;
  out.duration_ms = fact.ms;
  switch (fact.what) {
    case What::kInitStart: out.kind = PlatformKind::kInitStart; break;
    case What::kInitReport: out.kind = PlatformKind::kInitReport, out.init_type = "on-demand"; break;
    case What::kDone: out.kind = PlatformKind::kRuntimeDone, out.out_of_memory = fact.out_of_memory; break;
    case What::kReport:
      out.kind = PlatformKind::kReport;
      out.memory_mb = kMemoryMb;
      out.memory_used_mb = fact.out_of_memory ? kMemoryMb : 1;
      break;
    default: out.kind = PlatformKind::kStart; break;
  }
  return out;
}

void play(Enhanced& enhanced, const Fact& fact, bool cold) {
  switch (fact.what) {
    case What::kInvoke: enhanced.invoked(fact.id, cold, false, 7); break;
    case What::kTracerError: enhanced.failed_by_tracer(fact.id, 7); break;
    case What::kLine: enhanced.out_of_memory_by_line(fact.id, 7); break;
    case What::kCopy: enhanced.error_by_library(7); break;
    case What::kFlush: enhanced.end_waiting(); break;
    default: enhanced.platform(fact.id, platform_fact(fact), 7);
  }
}

Told told_by(const std::vector<EnhancedSample>& samples) {
  constexpr std::string_view kPrefix = "aws.lambda.enhanced.";
  Told out;
  for (const EnhancedSample& each : samples) {
    EXPECT_TRUE(each.name.starts_with(kPrefix));
    out[std::string(each.name.substr(kPrefix.size()))].insert(each.value);
  }
  return out;
}

class Reference {
 public:
  void take(const Fact& fact) {
    switch (fact.what) {
      case What::kInvoke:
        invoked_.push_back(fact.id);
        give_copies_to(fact.id);
        if (invoked_.size() == 1 && nameless_out_of_memory_ && !inherited_) memory(fact.id);
        break;
      case What::kInitReport: init(fact.ms); break;
      case What::kTracerError: failed_.insert(fact.id); break;
      case What::kLine: line(fact.id); break;
      case What::kCopy:
        if (current().empty() || (done_.count(current()) != 0 && failed_.count(current()) == 0))
          copies_wait_ = true;
        else
          failed_.insert(current());
        break;
      case What::kFlush: give_copies_to(current()); break;
      case What::kDone:
        if (!done_.emplace(fact.id, fact.ms).second) return;
        judge(fact);
        if (fact.out_of_memory) memory(fact.id);
        break;
      case What::kReport:
        if (!reported_.emplace(fact.id, fact.ms).second) return;
        judge(fact);
        if (fact.out_of_memory) memory(fact.id);
        break;
      default: break;
    }
    if (!fact.id.empty() && fact.what != What::kLine) known_.insert(fact.id);
  }
  Told told() const {
    Told out;
    const auto ones = [&out](const char* name, std::size_t n) {
      for (; n != 0; --n) out[name].insert(1);
    };
    ones("invocations", invoked_.size());
    ones("errors", failed_.size() + nameless_errors_);
    ones("timeouts", timed_out_.size());
    ones("out_of_memory", out_of_memory_.size() + (nameless_out_of_memory_ && !inherited_ ? 1 : 0));
    ones("shutdowns", 1);
    ones("unused_init", invoked_.empty() ? 1 : 0);
    for (const auto& [id, ms] : done_) out["runtime_duration"].insert(ms);
    for (const auto& [id, ms] : reported_) {
      out["duration"].insert(ms * 0.001);
      out["memorysize"].insert(kMemoryMb);
      out["max_memory_used"].insert(report_out_of_memory_.count(id) != 0 ? kMemoryMb : 1);
      const auto done = done_.find(id);
      if (done != done_.end()) out["post_runtime_duration"].insert(ms - done->second);
    }
    if (init_ms_ >= 0) out["init_duration"].insert(init_ms_ * 0.001);
    return out;
  }
  void end() { give_copies_to(current()); }
  void note_report(const Fact& fact) {
    if (fact.what == What::kReport && fact.out_of_memory && reported_.count(fact.id) == 0)
      report_out_of_memory_.insert(fact.id);
  }

 private:
  void init(double ms) {
    if (init_ms_ < 0) init_ms_ = ms;
  }
  void judge(const Fact& fact) {
    if (fact.ending == Ending::kSuccess) return;
    failed_.insert(fact.id);
    if (fact.ending == Ending::kTimeout) timed_out_.insert(fact.id);
  }
  // The newest known invocation that was invoked and is not done, else the newest that was invoked.
  std::string current() const {
    std::string last;
    for (const std::string& id : became_known_) {
      if (std::find(invoked_.begin(), invoked_.end(), id) == invoked_.end()) continue;
      last = id;
    }
    for (auto id = became_known_.rbegin(); id != became_known_.rend(); ++id)
      if (std::find(invoked_.begin(), invoked_.end(), *id) != invoked_.end() && done_.count(*id) == 0) return *id;
    return last;
  }
  void give_copies_to(const std::string& id) {
    if (!std::exchange(copies_wait_, false)) return;
    if (id.empty())
      ++nameless_errors_;
    else
      failed_.insert(id);
  }
  void line(const std::string& id) {
    std::string meant = known_.count(id) != 0 ? id : current();
    if (meant.empty() && !became_known_.empty()) meant = became_known_.back();
    if (meant.empty())
      nameless_out_of_memory_ = true;
    else
      memory(meant);
  }
  // What was told before anything was known of an invocation is of whichever comes first.
  void memory(const std::string& id) {
    inherited_ = inherited_ || nameless_out_of_memory_;
    out_of_memory_.insert(id);
  }

 public:
  void note_known(const Fact& fact) {
    if (fact.id.empty() || fact.what == What::kLine) return;
    if (std::find(became_known_.begin(), became_known_.end(), fact.id) == became_known_.end())
      became_known_.push_back(fact.id);
  }

 private:
  std::vector<std::string> invoked_, became_known_;
  std::set<std::string> known_, failed_, timed_out_, out_of_memory_, report_out_of_memory_;
  std::map<std::string, double> done_, reported_;
  double init_ms_ = -1;
  std::size_t nameless_errors_ = 0;
  bool copies_wait_ = false, nameless_out_of_memory_ = false, inherited_ = false;
};

Schedule orderly(std::mt19937& random) {
  const auto chance = [&random](unsigned percent) { return random() % 100 < percent; };
  Schedule out;
  out.push_back({What::kInitStart});
  out.push_back({.what = What::kInitReport, .ms = 500});
  const unsigned invocations = 1 + random() % 4;
  for (unsigned i = 0; i < invocations; ++i) {
    const std::string id(1, static_cast<char>('a' + i));
    const Ending ending = chance(70) ? Ending::kSuccess : chance(50) ? Ending::kError : Ending::kTimeout;
    const bool memory = ending == Ending::kError && chance(50);
    out.push_back({.what = What::kInvoke, .id = id});
    out.push_back({.what = What::kStart, .id = id});
    if (memory && chance(50)) out.push_back({.what = What::kLine, .id = chance(80) ? id : ""});
    if (chance(20)) out.push_back({.what = What::kCopy});
    if (chance(20)) out.push_back({.what = What::kTracerError, .id = id});
    out.push_back({What::kDone, id, ending, memory, 10.0 + i});
    out.push_back({What::kReport, id, ending, memory && chance(50), 20.0 + 2 * i});
    if (chance(20)) out.push_back({What::kFlush});
  }
  return out;
}

// Lost, told twice and out of order; INVOKE is told once, as the host does, and in its order among its like.
Schedule disturbed(const Schedule& from, std::mt19937& random) {
  Schedule out;
  for (const Fact& fact : from) {
    if (random() % 100 < 12) continue;
    out.push_back(fact);
    if (fact.what != What::kInvoke && random() % 100 < 12) out.push_back(fact);
  }
  if (random() % 2 == 0) {
    std::shuffle(out.begin(), out.end(), random);
  } else {
    for (std::size_t i = 1; i < out.size(); ++i)
      if (random() % 100 < 30) std::swap(out[i - 1], out[i]);
  }
  return out;
}

std::string written(const Schedule& schedule) {
  static constexpr const char* kNames[] = {"invoke", "initStart",   "initReport", "start", "done",
                                           "report", "tracerError", "line",       "copy",  "flush"};
  std::string out;
  for (const Fact& fact : schedule) {
    out.append(kNames[static_cast<int>(fact.what)]).append(" ").append(fact.id);
    if (fact.ending == Ending::kError) out.append(" error");
    if (fact.ending == Ending::kTimeout) out.append(" timeout");
    out.append(fact.out_of_memory ? " memory; " : "; ");
  }
  return out;
}

TEST(EnhancedModel, CountsWhatWasToldWhateverTheOrderAndTheLosses) {
  std::mt19937 random(20221021);
  for (unsigned n = 0; n < kSchedules; ++n) {
    const Schedule schedule = disturbed(orderly(random), random);
    Enhanced enhanced(false, "x86_64", nullptr);
    Reference reference;
    bool any_invoked = false, flushed = false;
    std::string first;
    for (const Fact& fact : schedule) {
      flushed = flushed || fact.what == What::kFlush;
      if (fact.what == What::kInvoke && !std::exchange(any_invoked, true)) first = fact.id;
      reference.note_report(fact);
      reference.note_known(fact);
      reference.take(fact);
      play(enhanced, fact, fact.id == first);
    }
    reference.end();
    enhanced.shut_down(9);
    const std::vector<EnhancedSample> samples = enhanced.take();
    ASSERT_EQ(told_by(samples), reference.told()) << "schedule " << n << ": " << written(schedule);
    if (flushed || first.empty()) continue;
    // Each report's duration says whether its own invocation was the first.
    for (const EnhancedSample& each : samples) {
      if (each.name != "aws.lambda.enhanced.duration") continue;
      const std::string id(1, static_cast<char>('a' + static_cast<int>((each.value * 1000 - 20) / 2 + 0.5)));
      const bool invoked = std::any_of(schedule.begin(), schedule.end(),
                                       [&](const Fact& fact) { return fact.what == What::kInvoke && fact.id == id; });
      if (!invoked) continue;
      ASSERT_NE(each.tags.find(id == first ? "cold_start:true" : "cold_start:false"), std::string::npos)
          << written(schedule) << each.tags;
    }
  }
}

TEST(EnhancedModel, CountsManagedInvocationsWhateverTheOrderAndTheLosses) {
  std::mt19937 random(20250919);
  for (unsigned n = 0; n < kSchedules / 5; ++n) {
    Schedule schedule;
    const unsigned invocations = 1 + random() % 5;
    for (unsigned i = 0; i < invocations; ++i) {
      const std::string id(1, static_cast<char>('a' + i));
      const Ending ending = random() % 100 < 70 ? Ending::kSuccess : Ending::kError;
      schedule.push_back({.what = What::kStart, .id = id});
      if (random() % 5 == 0) schedule.push_back({.what = What::kTracerError, .id = id});
      schedule.push_back({What::kReport, id, ending, false, 20.0 + i});
    }
    schedule = disturbed(schedule, random);
    std::shuffle(schedule.begin(), schedule.end(), random);
    Enhanced enhanced(true, "x86_64", nullptr);
    std::set<std::string> started, failed;
    std::map<std::string, Fact> reported;
    for (const Fact& fact : schedule) {
      play(enhanced, fact, false);
      // The host tells INVOKE once, when it has seen the start.
      if (fact.what == What::kStart && started.insert(fact.id).second) enhanced.invoked(fact.id, false, false, 7);
      if (fact.what == What::kTracerError) failed.insert(fact.id);
      if (fact.what == What::kReport) reported.emplace(fact.id, fact);
    }
    enhanced.shut_down(9);
    Told told = told_by(enhanced.take());
    std::multiset<double> durations, runtimes;
    for (const auto& [id, fact] : reported) {
      durations.insert(fact.ms * 0.001);
      if (started.count(id) == 0) continue;
      runtimes.insert(fact.ms);
      if (fact.ending == Ending::kError) failed.insert(id);
    }
    ASSERT_EQ(told["invocations"].size(), started.size()) << written(schedule);
    ASSERT_EQ(told["duration"], durations) << written(schedule);
    ASSERT_EQ(told["runtime_duration"], runtimes) << written(schedule);
    ASSERT_EQ(told["errors"].size(), failed.size()) << written(schedule);
    ASSERT_EQ(told["memorysize"].size() + told["billed_duration"].size(), 0u);
  }
}

}  // namespace
