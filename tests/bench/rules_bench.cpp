// What processing rules cost, beside the plain loop: each rule's RE2 asked for each line, in turns with ours in the
// same run, on the processor time of this thread. Lines are those of an ordinary function; some of them have something
// that a rule matches.
//
// Counters: ms_per_MB, and times_loop, the loop's time over ours (above 1: faster). rules/ten.json is the ten rules of
// the figures: five of them have no literal that must be there.
#include <benchmark/benchmark.h>
#include <re2/re2.h>
#include <sys/resource.h>
#include <time.h>

#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "between/rules_setting.hpp"
#include "sls/codec/json.hpp"
#include "sls/codec/regex_engine.h"

namespace {

const sls::RegexEngine* engine(std::string&) { return sls_regex_engine_v1(); }

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Work>
double timed(const Work& work) {
  const double start = processor_seconds();
  work();
  return processor_seconds() - start;
}

std::string ten_rules() {
  std::ifstream file(SLS_BENCH_RULES "/ten.json");
  std::stringstream text;
  text << file.rdbuf();
  if (text.str().empty()) throw std::runtime_error("rules/ten.json is not there");
  return text.str();
}

std::vector<std::string> lines(std::size_t count, double hit) {
  static const char* const kSecrets[] = {"charged card 4111-1111-1111-1234 for order",
                                         "called back at +49 170 555 1234 today",
                                         "digest d41d8cd98f00b204e9800998ecf8427e of upload",
                                         "paid from DE89370400440532013000 in full",
                                         "login with password=hunter2 refused",
                                         "Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123",
                                         "mail sent to bob@mail17.example.com",
                                         "assumed key AKIAABCDEFGH12345678 for upload",
                                         "session eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT valid",
                                         "GET /healthz 200 1ms"};
  static const char* const kWords[] = {"order",   "payment", "user",  "session", "cart",     "inventory", "shipping",
                                       "refund",  "retry",   "cache", "lookup",  "timeout",  "upstream",  "request",
                                       "handler", "queue",   "batch", "worker",  "response", "checkout"};
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (unsigned n = 4 + below(10); n > 0; --n) text += std::string(kWords[below(20)]) + ' ';
    if (below(10000) < hit * 10000) text += kSecrets[i % 10];
    char line[700];
    if (i % 5 < 2) {
      std::snprintf(line, sizeof line,
                    R"({"timestamp":"2026-11-22T10:00:00.000Z","level":"INFO","message":"seq=%010zu %s",)"
                    R"("service":"checkout","duration_ms":%u.%02u,"user":{"id":%u},"path":"/api/v1/%s/%u"})",
                    i, text.c_str(), below(100), below(100), below(1000000), kWords[below(20)], below(9999));
    } else {
      std::snprintf(
          line, sizeof line,
          "2026-11-22T10:00:00.000Z\t7c1e9a52-5b1f-4c0d-9d3e-2f1a7b6c8d90\tINFO\tseq=%010zu %s took %u.%02u ms "
          "at /api/v1/%s/%u\n",
          i, text.c_str(), below(100), below(100), kWords[below(20)], below(9999));
    }
    out.emplace_back(line);
  }
  return out;
}

std::size_t bytes_of(const std::vector<std::string>& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  return bytes;
}

// The plain loop.
struct Loop {
  struct Rule {
    std::unique_ptr<RE2> regex;
    std::string type, replacement;
  };
  std::vector<Rule> rules;
  std::size_t changed = 0;

  explicit Loop(std::string_view setting) {
    sls::json::Cursor cursor(setting);
    sls::json::Value element;
    cursor.enter_array();
    while (cursor.next_element() && cursor.take(element)) {
      Rule rule;
      std::string pattern;
      sls::json::Cursor members(element.raw);
      members.enter_object();
      sls::json::Value key, value;
      std::string a, b;
      while (members.next_member(key) && members.take(value)) {
        const std::string_view name = sls::json::text_of(key, a);
        const std::string text(sls::json::text_of(value, b));
        if (name == "pattern") pattern = text;
        if (name == "type") rule.type = text;
      }
      RE2::Options options;
      options.set_log_errors(false);
      options.set_max_mem(8 << 20);
      rule.regex = std::make_unique<RE2>(pattern, options);
      rule.replacement = "[replaced]";
      rules.push_back(std::move(rule));
    }
  }

  void judge(const std::string& line) {
    std::string copy;
    const std::string* text = &line;
    for (const Rule& rule : rules) {
      const bool found = rule.regex->Match(*text, 0, text->size(), RE2::UNANCHORED, nullptr, 0);
      if (rule.type == "mask_sequences") {
        if (!found) continue;
        if (text == &line) copy = line;
        text = &copy;
        RE2::GlobalReplace(&copy, *rule.regex, rule.replacement);
        ++changed;
      } else if (found == (rule.type == "exclude_at_match")) {
        ++changed;
        return;
      }
    }
  }
};

void against_the_loop(benchmark::State& state, const std::string& setting, double hit) {
  const std::vector<std::string> texts = lines(4000, hit);
  logs::Findings findings;
  logs::ProcessingRules rules = logs::read_processing_rules({setting, "here", {}, {}}, engine, findings);
  Loop loop(setting);
  double ours = 0, loops = 0;
  std::size_t changed = 0, loop_changed = 0;
  const auto run_ours = [&] {
    for (const std::string& text : texts) {
      const auto verdict = rules.judge(text, true);
      changed += verdict.masked || verdict.fate != logs::ProcessingRules::Fate::kKeep ? 1 : 0;
    }
  };
  const auto run_loop = [&] {
    for (const std::string& text : texts) {
      const std::size_t before = loop.changed;
      loop.judge(text);
      loop_changed += loop.changed > before ? 1 : 0;
    }
  };
  run_ours();
  run_loop();
  if (changed != loop_changed) state.SkipWithError("the loop and the rules do not agree");
  for (auto _ : state) {
    const double once = timed(run_ours);
    ours += once;
    loops += timed(run_loop);
    state.SetIterationTime(once);
  }
  const double megabytes = static_cast<double>(bytes_of(texts) * state.iterations()) * 1e-6;
  state.counters["ms_per_MB"] = ours * 1e3 / megabytes;
  state.counters["loop_ms_per_MB"] = loops * 1e3 / megabytes;
  state.counters["times_loop"] = loops / ours;
  state.counters["hit_percent"] =
      100.0 * static_cast<double>(loop_changed) / static_cast<double>(texts.size() * (state.iterations() + 1));
}

std::string first_rules(std::string_view setting, std::size_t count) {
  sls::json::Cursor cursor(setting);
  sls::json::Value element;
  std::string out = "[";
  cursor.enter_array();
  for (std::size_t i = 0; i < count && cursor.next_element() && cursor.take(element); ++i) {
    if (i > 0) out += ',';
    out += element.raw;
  }
  return out + ']';
}

void ten(benchmark::State& state) { against_the_loop(state, ten_rules(), static_cast<double>(state.range(0)) / 100); }
void first(benchmark::State& state) {
  against_the_loop(state, first_rules(ten_rules(), static_cast<std::size_t>(state.range(0))), 0.02);
}

// Where every line matches every rule.
void hopeless(benchmark::State& state) {
  std::string setting = "[";
  for (const char* pattern :
       {"INFO", "seq=\\\\d+", "20\\\\d\\\\d", "[a-z]+", "T10:00", "000Z", "\\\\d{3}", "ms", "v1", "api"}) {
    setting += std::string(setting.size() > 1 ? "," : "") + R"({"type":"mask_sequences","name":"x","pattern":")"
               + pattern + R"(","replace_placeholder":"$0 "})";
  }
  against_the_loop(state, setting + "]", 0.02);
}

long resident_bytes() {
  std::ifstream file("/proc/self/statm");
  long pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * 4096;
}

void ten_thousand(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  std::string setting = "[";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) setting += ',';
    setting += R"({"type":"mask_sequences","name":"customer )" + std::to_string(i) + R"(","pattern":"customer-)"
               + std::to_string(100000 + i * 7) + R"(-[a-z0-9]+","replace_placeholder":"[customer]"})";
  }
  setting += ']';
  std::vector<std::string> texts = lines(20000, 0.02);
  std::size_t hits = 0;
  for (std::size_t i = 0; i < texts.size(); i += 50, ++hits) {
    texts[i] += " customer-" + std::to_string(100000 + i % count * 7) + "-ab12";
  }
  double start = 0, judging = 0;
  std::size_t masked = 0, rounds = 0;
  const long before = resident_bytes();
  long after_start = 0, after = 0;
  for (auto _ : state) {
    logs::Findings findings;
    std::unique_ptr<logs::ProcessingRules> rules;
    start += timed([&] {
      rules = std::make_unique<logs::ProcessingRules>(
          logs::read_processing_rules({setting, "here", {}, {}}, engine, findings));
    });
    after_start = resident_bytes();
    const double once = timed([&] {
      for (const std::string& text : texts) masked += rules->judge(text, true).masked ? 1 : 0;
    });
    judging += once;
    after = resident_bytes();
    ++rounds;
    state.SetIterationTime(once);
  }
  if (masked != hits * rounds) state.SkipWithError("not every customer was masked");
  state.counters["start_ms"] = start * 1e3 / static_cast<double>(rounds);
  state.counters["ms_per_MB"] = judging * 1e3 / (static_cast<double>(bytes_of(texts) * rounds) * 1e-6);
  state.counters["rules_MB"] = static_cast<double>(after_start - before) * 1e-6;
  state.counters["with_compiled_MB"] = static_cast<double>(after - before) * 1e-6;
}

BENCHMARK(ten)->Arg(0)->Arg(2)->Arg(100)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(first)->Arg(1)->Arg(2)->Arg(5)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(hopeless)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(ten_thousand)->Arg(10000)->Arg(1000)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
