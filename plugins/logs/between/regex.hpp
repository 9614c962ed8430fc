// A compiled regular expression, without the engine: the engine is a table of C functions (regex_engine.h) that comes
// from a shared object of its own, so that a sandbox without processing rules never maps RE2 (docs/decisions/0030).
//
// It refuses what Go's regexp refuses and RE2 does not (`\C`), and accepts Go's `(?<name>` where RE2 is too old to.
// Called by processing_rules and replacement; a Regex keeps its engine's table, which is never unloaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "regex/regex_engine.h"

namespace logs {

class Regex {
 public:
  Regex() = default;

  // An unusable pattern gives an empty Regex and a reason. `memory_bytes` bounds the automaton's cache; when it is used
  // up, the engine goes on more slowly with the same result.
  static Regex compile(const logs_regex_engine& engine, std::string_view pattern, std::size_t memory_bytes,
                       std::string& error);

  explicit operator bool() const { return compiled_ != nullptr; }
  int groups() const { return engine_->groups(compiled_.get()); }
  // The group's number, -1: unknown.
  int group_named(std::string_view name) const {
    return engine_->group_named(compiled_.get(), name.data(), name.size());
  }
  bool matches(std::string_view text) const { return search(text, 0, nullptr, 0); }
  // Leftmost-first search from `from` on; what lies before `from` still counts for `^` and `\b`. spans[0] is the whole
  // match, a group that took no part has begin < 0.
  bool search(std::string_view text, std::size_t from, logs_regex_span* spans, int count) const {
    return engine_->search(compiled_.get(), text.data(), text.size(), from, spans, count) != 0;
  }

 private:
  struct Free {
    const logs_regex_engine* engine;
    void operator()(void* compiled) const { engine->destroy(compiled); }
  };

  const logs_regex_engine* engine_ = nullptr;
  std::unique_ptr<void, Free> compiled_;
};

// The pattern as RE2 2022-06 takes it: `(?<name>` outside classes, escapes and `\Q…\E` becomes `(?P<name>`. False: it
// holds `\C`, which Go refuses; `out` is then not complete.
bool translate_pattern(std::string_view pattern, std::string& out);

}  // namespace logs
