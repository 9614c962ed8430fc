// Regular expressions as Go's regexp has them: leftmost-first, in linear time, over UTF-8.
//
// The engine (RE2) is no part of a plugin: it comes from a shared object of its own, lib/regex.so beside the folder of
// the plugins, so that a sandbox without patterns never maps it (docs/decisions/0030). A plugin opens it inside create,
// when it has its first pattern to compile. What Go refuses and RE2 does not (`\C`) is refused, and Go's `(?<name>` is
// taken where RE2 is too old to.
//
// Called by plugins whose settings hold patterns; replacing is in regex_replacement.hpp.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "sls/codec/regex_engine.h"

namespace sls {

using RegexEngine = ::sls_regex_engine;

// Null: not to be had, `error` says why. What was opened stays for the life of the process; asking again is cheap.
// `path` is for tests that do not lie beside the agent; empty: ../lib/regex.so from the file that this code is in.
const RegexEngine* open_regex_engine(std::string& error, const std::string& path = {});

struct RegexGroup : sls_regex_group {
  RegexGroup() : sls_regex_group{-1, -1} {}
  explicit operator bool() const { return begin >= 0; }  // it took part
  std::string_view in(std::string_view text) const {
    return begin < 0 ? std::string_view()
                     : std::string_view(text.data() + begin, static_cast<std::size_t>(end - begin));
  }
};
static_assert(sizeof(RegexGroup) == sizeof(sls_regex_group));

class Regex {
 public:
  static constexpr std::size_t kMemoryBytesMax = 8 << 20;

  Regex() = default;

  // An unusable pattern gives an empty Regex and a reason. `memory_bytes` bounds the automaton's cache; when it is used
  // up, the engine goes on more slowly with the same result. The Regex keeps the engine's table.
  static Regex compile(const RegexEngine& engine, std::string_view pattern, std::string& error,
                       std::size_t memory_bytes = kMemoryBytesMax);

  explicit operator bool() const { return compiled_ != nullptr; }
  const RegexEngine& engine() const { return *engine_; }
  // Capturing groups, the whole match not counted.
  int groups() const { return engine_->groups(compiled_.get()); }
  // The group's number, -1: unknown.
  int group_named(std::string_view name) const {
    return engine_->group_named(compiled_.get(), name.data(), name.size());
  }
  bool matches(std::string_view text) const { return search(text, 0, {}); }
  // Leftmost-first search from `from` on; what lies before `from` still counts for `^` and `\b`. groups[0] is the whole
  // match. Ask for no more groups than you read: fewer are faster, none is fastest.
  bool search(std::string_view text, std::size_t from, std::span<RegexGroup> groups) const {
    return engine_->search(compiled_.get(), text.data(), text.size(), from, groups.data(),
                           static_cast<int>(groups.size()))
           != 0;
  }

 private:
  struct Free {
    const RegexEngine* engine;
    void operator()(void* compiled) const { engine->destroy(compiled); }
  };

  const RegexEngine* engine_ = nullptr;
  std::unique_ptr<void, Free> compiled_;
};

// The pattern as RE2 2022-06 takes it: `(?<name>` outside classes, escapes and `\Q…\E` becomes `(?P<name>`. False: it
// holds `\C`, which Go refuses; `out` is then not complete.
bool translate_pattern(std::string_view pattern, std::string& out);

}  // namespace sls
