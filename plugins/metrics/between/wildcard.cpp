#include "between/wildcard.hpp"

#include <algorithm>
#include <charconv>

namespace metrics {

namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// Cuts the part before the next dot off; false: it was the last one.
bool cut_part(std::string_view& rest, std::string_view& part) {
  const std::size_t dot = rest.find('.');
  part = rest.substr(0, dot);
  rest.remove_prefix(dot == rest.npos ? rest.size() : dot + 1);
  return dot != rest.npos;
}

// One part, without dots. The literals behind stars are placed from the last one on, each as far right as it goes: so
// every star takes the most that lets the rest match.
bool match_part(std::string_view pattern, std::string_view text, std::vector<std::string_view>& groups) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const std::size_t first_group = groups.size();
  std::string_view left = pattern.substr(star);  // begins with a star
  std::size_t end = text.size();                 // what lies behind is matched
  while (!left.empty()) {
    const std::size_t from = left.rfind('*');
    const std::string_view literal = left.substr(from + 1);
    const bool last = end == text.size() && groups.size() == first_group;
    const std::size_t at =
        last ? text.size() - std::min(literal.size(), text.size()) : text.substr(0, end).rfind(literal);
    if (at == text.npos || at < star || (last && text.substr(at) != literal)) return false;
    // The star before this literal ends here; the one behind it begins where the literal ends.
    if (!last) groups.back().remove_prefix(at + literal.size());
    groups.push_back(text.substr(0, at));
    end = at;
    left = left.substr(0, from);
  }
  groups.back().remove_prefix(star);
  std::reverse(groups.begin() + static_cast<std::ptrdiff_t>(first_group), groups.end());
  return true;
}

}  // namespace

bool Wildcard::usable(std::string_view pattern) {
  return !pattern.empty() && pattern.find("**") == pattern.npos
         && std::all_of(pattern.begin(), pattern.end(),
                        [](char c) { return is_word(c) || c == '-' || c == '.' || c == '*'; });
}

bool Wildcard::matches(std::string_view name, std::vector<std::string_view>& groups) const {
  groups.assign(1, name);
  std::string_view pattern = pattern_, pattern_part, part;
  for (;;) {
    const bool more_pattern = cut_part(pattern, pattern_part), more = cut_part(name, part);
    if (more_pattern != more || !match_part(pattern_part, part, groups)) return false;
    if (!more) return true;
  }
}

GroupText::GroupText(std::string_view text) {
  std::string literal;
  const auto end_piece = [&](std::size_t group) {
    pieces_.push_back({std::move(literal), group});
    literal.clear();
  };
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    literal.append(text.substr(0, dollar));
    text.remove_prefix(dollar);
    if (text.empty()) break;
    if (text.starts_with("$$")) {
      literal.push_back('$');
      text.remove_prefix(2);
      continue;
    }
    const bool braces = text.starts_with("${");
    std::size_t end = braces ? 2 : 1;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view word = text.substr(braces ? 2 : 1, end - (braces ? 2 : 1));
    if (word.empty() || (braces && (end == text.size() || text[end] != '}'))) {
      literal.push_back('$');  // malformed: as it stands
      text.remove_prefix(1);
      continue;
    }
    std::size_t group = 0;
    const auto [at, error] = std::from_chars(word.data(), word.data() + word.size(), group);
    if (error == std::errc() && at == word.data() + word.size() && group < kNone) end_piece(group);
    text.remove_prefix(end + (braces ? 1 : 0));
  }
  if (!literal.empty()) end_piece(kNone);
}

void GroupText::expand(const std::vector<std::string_view>& groups, std::string& out) const {
  out.clear();
  for (const Piece& piece : pieces_) {
    out.append(piece.literal);
    if (piece.group < groups.size()) out.append(groups[piece.group]);
  }
}

}  // namespace metrics
