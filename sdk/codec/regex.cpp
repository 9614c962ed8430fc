#include "sls/codec/regex.hpp"

namespace sls {

namespace {

// The end of the character class that begins at `at` (its '['), or the pattern's end.
std::size_t class_end(std::string_view pattern, std::size_t at) {
  std::size_t i = at + 1;
  if (i < pattern.size() && pattern[i] == '^') ++i;
  if (i < pattern.size() && pattern[i] == ']') ++i;  // the first ']' is a member
  while (i < pattern.size() && pattern[i] != ']') {
    if (pattern[i] == '\\') {
      i += 2;
    } else if (pattern.substr(i).starts_with("[:")) {
      const std::size_t close = pattern.find(":]", i + 2);
      i = close == std::string_view::npos ? i + 1 : close + 2;
    } else {
      ++i;
    }
  }
  return i < pattern.size() ? i + 1 : pattern.size();
}

std::size_t quoted_end(std::string_view pattern, std::size_t at) {
  const std::size_t end = pattern.find("\\E", at);
  return end == std::string_view::npos ? pattern.size() : end + 2;
}

}  // namespace

bool translate_pattern(std::string_view pattern, std::string& out) {
  out.clear();
  out.reserve(pattern.size() + 8);
  std::size_t i = 0;
  while (i < pattern.size()) {
    std::size_t next = i + 1;
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      if (pattern[i + 1] == 'C') return false;
      next = pattern[i + 1] == 'Q' ? quoted_end(pattern, i + 2) : i + 2;
    } else if (pattern[i] == '[') {
      next = class_end(pattern, i);
    } else if (pattern.substr(i).starts_with("(?<")) {
      out += "(?P<";
      i += 3;
      continue;
    }
    out += pattern.substr(i, next - i);
    i = next;
  }
  return true;
}

Regex Regex::compile(const RegexEngine& engine, std::string_view pattern, std::string& error,
                     std::size_t memory_bytes) {
  std::string translated;
  if (!translate_pattern(pattern, translated)) {
    error = "\\C is not allowed: it would cut characters apart";
    return {};
  }
  char reason[512] = "";
  Regex regex;
  regex.engine_ = &engine;
  void* compiled = engine.compile(translated.data(), translated.size(), static_cast<std::int64_t>(memory_bytes), reason,
                                  sizeof reason);
  if (compiled == nullptr) {
    error = reason;
    return {};
  }
  regex.compiled_ = std::unique_ptr<void, Free>(compiled, Free{&engine});
  return regex;
}

}  // namespace sls
