// The regex engine on RE2: default Perl syntax, UTF-8, silent. The only file of the project that sees RE2.
#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

#include "sls/codec/regex_engine.h"

namespace {

void* compile(const char* pattern, std::size_t length, std::int64_t memory_bytes, char* error,
              std::size_t error_bytes) try {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory_bytes);
  auto* regex = new RE2(re2::StringPiece(pattern, length), options);
  if (regex->ok()) return regex;
  const std::size_t n = std::min(error_bytes - 1, regex->error().size());
  std::memcpy(error, regex->error().data(), n);
  error[n] = '\0';
  delete regex;
  return nullptr;
} catch (...) {
  std::strncpy(error, "not enough memory", error_bytes - 1);
  error[error_bytes - 1] = '\0';
  return nullptr;
}

void destroy(void* regex) { delete static_cast<RE2*>(regex); }

int groups(const void* regex) { return static_cast<const RE2*>(regex)->NumberOfCapturingGroups(); }

int group_named(const void* regex, const char* name, std::size_t length) {
  const auto& names = static_cast<const RE2*>(regex)->NamedCapturingGroups();
  const auto found = names.find(std::string(name, length));
  return found == names.end() ? -1 : found->second;
}

int search(const void* regex, const char* text, std::size_t length, std::size_t from, sls_regex_group* groups,
           int count) {
  constexpr int kInline = 17;
  re2::StringPiece inline_groups[kInline];
  std::vector<re2::StringPiece> many(count > kInline ? static_cast<std::size_t>(count) : 0);
  re2::StringPiece* found = count > kInline ? many.data() : inline_groups;
  const auto* re = static_cast<const RE2*>(regex);
  // RE2 takes a null text for "no match" in its groups, so an empty text needs an address.
  const re2::StringPiece subject(length == 0 ? "" : text, length);
  if (!re->Match(subject, from, length, RE2::UNANCHORED, found, count)) return 0;
  for (int i = 0; i < count; ++i) {
    const bool present = found[i].data() != nullptr;
    groups[i].begin = present ? found[i].data() - subject.data() : -1;
    groups[i].end = present ? groups[i].begin + static_cast<std::ptrdiff_t>(found[i].size()) : -1;
  }
  return 1;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const sls_regex_engine* sls_regex_engine_v1(void) {
  static const sls_regex_engine engine = {sizeof(sls_regex_engine), compile, destroy, groups, group_named, search};
  return &engine;
}
