#include "sls/codec/regex_replacement.hpp"

#include <algorithm>

namespace sls {

namespace {

bool is_ascii_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Length of the run of letters, digits and underscores at the front. Letters beyond ASCII are the engine's business:
// they are rare, and it has the tables.
std::size_t name_length(std::string_view text, const RegexEngine& engine) {
  std::size_t n = 0;
  while (n < text.size() && is_ascii_word(text[n])) ++n;
  if (n == text.size() || static_cast<unsigned char>(text[n]) < 0x80) return n;
  std::string error;
  const Regex word = Regex::compile(engine, "^[\\pL\\p{Nd}_]+", error, 1 << 20);
  RegexGroup span;
  return word && word.search(text, 0, {&span, 1}) ? static_cast<std::size_t>(span.end) : n;
}

// A group's number, -1 where the name is no number (a leading zero makes it a name, and so does a great size).
int as_number(std::string_view name) {
  if (name.size() > 1 && name[0] == '0') return -1;
  int number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9' || number >= 100'000'000) return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

// Bytes of the UTF-8 character at `at`; a byte that begins none counts as one.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t want = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1;
  std::size_t n = 1;
  while (n < want && at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0) == 0x80) ++n;
  return n == want ? n : 1;
}

constexpr std::size_t kInlineGroups = 17;

}  // namespace

Replacement::Replacement(std::string_view placeholder, const Regex& regex) {
  std::string_view rest = placeholder;
  while (!rest.empty()) {
    const std::size_t dollar = rest.find('$');
    append_literal(rest.substr(0, dollar));
    if (dollar == std::string_view::npos) break;
    rest.remove_prefix(dollar + 1);
    if (rest.starts_with('$')) {
      append_literal("$");
      rest.remove_prefix(1);
      continue;
    }
    const bool braced = rest.starts_with('{');
    const std::string_view after = rest.substr(braced ? 1 : 0);
    const std::size_t n = name_length(after, regex.engine());
    if (n == 0 || (braced && (n == after.size() || after[n] != '}'))) {
      append_literal("$");
      continue;
    }
    const std::string_view name = after.substr(0, n);
    rest = after.substr(n + (braced ? 1 : 0));
    const int number = as_number(name);
    const int group = number >= 0 ? number : regex.group_named(name);
    if (group < 0 || group > regex.groups()) continue;
    pieces_.push_back({{}, group});
    groups_ = std::max(groups_, static_cast<std::size_t>(group) + 1);
  }
}

void Replacement::append_literal(std::string_view text) {
  if (text.empty()) return;
  if (pieces_.empty() || pieces_.back().group >= 0) pieces_.emplace_back();
  pieces_.back().literal += text;
}

void Replacement::expand(std::string_view text, std::span<const RegexGroup> groups, std::string& out) const {
  for (const Piece& piece : pieces_) {
    if (piece.group < 0) {
      out += piece.literal;
    } else {
      out += groups[static_cast<std::size_t>(piece.group)].in(text);
    }
  }
}

bool Replacement::replace_all(const Regex& regex, std::string_view text, std::string& out,
                              bool (*keep)(std::string_view match)) const {
  RegexGroup inline_groups[kInlineGroups];
  std::vector<RegexGroup> many(groups_ > kInlineGroups ? groups_ : 0);
  const std::span<RegexGroup> groups(many.empty() ? inline_groups : many.data(), groups_);

  if (!regex.search(text, 0, groups)) return false;
  out.clear();
  std::size_t copied = 0;  // the end of the last match
  std::size_t from = 0;
  do {
    const auto begin = static_cast<std::size_t>(groups[0].begin);
    const auto end = static_cast<std::size_t>(groups[0].end);
    out += text.substr(copied, begin - copied);
    if (keep != nullptr && keep(groups[0].in(text)))
      out += groups[0].in(text);
    else if (end > copied || begin == 0)
      expand(text, groups, out);
    copied = end;
    const std::size_t step = from < text.size() ? character_bytes(text, from) : 1;
    from = std::max(end, from + step);
  } while (from <= text.size() && regex.search(text, from, groups));
  out += text.substr(copied);
  return true;
}

}  // namespace sls
