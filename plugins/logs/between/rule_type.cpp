#include "between/rule_type.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace logs {

namespace {

struct Name {
  std::string_view text;
  RuleType type;
};

constexpr std::array kNames = {
    Name{"exclude_at_match", RuleType::kExclude},
    Name{"include_at_match", RuleType::kInclude},
    Name{"mask_sequences", RuleType::kMask},
    Name{"multi_line", RuleType::kWithoutEffect},
    Name{"exclude_truncated", RuleType::kWithoutEffect},
    Name{"remap_source", RuleType::kWithoutEffect},
};

constexpr std::size_t kCompared = 64;  // a longer name is compared by its beginning

std::string folded(std::string_view text) {
  std::string out(text.substr(0, kCompared));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

RuleType rule_type(std::string_view text) {
  for (const Name& name : kNames) {
    if (name.text == text) return name.type;
  }
  return RuleType::kUnknown;
}

std::string_view nearest_rule_type(std::string_view text) {
  const std::string wanted = folded(text);
  // Somebody who writes "mask" means the mask, however far the rest of the word is.
  if (wanted.starts_with("mask")) return "mask_sequences";
  for (const Name& name : kNames) {
    if (wanted.size() > 2 && name.text.starts_with(wanted)) return name.text;
  }
  std::string_view best = kNames[0].text;
  std::size_t best_distance = std::string_view::npos;
  for (const Name& name : kNames) {
    const std::size_t distance = edit_distance(wanted, name.text);
    if (distance < best_distance) {
      best = name.text;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace logs
