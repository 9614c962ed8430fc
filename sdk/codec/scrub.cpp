#include "sls/codec/scrub.hpp"

#include <algorithm>

#include "scrub_table.hpp"

namespace sls {
namespace {

using scrub_table::kKeyParts;
using scrub_table::kRows;
using scrub_table::Needs;
using scrub_table::Row;

constexpr std::size_t kPatternMemoryBytes = 1 << 20;  // of each pattern's automaton; beyond, the engine is slower

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f'); }
bool in_word(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_'; }

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool holds_hint(std::string_view text, std::string_view hints) {
  while (!hints.empty()) {
    const std::size_t end = std::min(hints.find(' '), hints.size());
    if (holds(text, hints.substr(0, end))) return true;
    hints.remove_prefix(std::min(end + 1, hints.size()));
  }
  return false;
}

bool holds_hex_word(std::string_view text, std::size_t digits) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    bool hex = true;
    for (; end < text.size() && in_word(text[end]); ++end) hex = hex && is_hex(text[end]);
    if (hex && end - at == digits) return true;
    at = end + 1;
  }
  return false;
}

bool holds_address(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && text.find('@', colon) != std::string_view::npos;
}

bool holds_pass(std::string_view text) {
  for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
    if (lower(text[at]) != 'p') continue;
    const char rest[3] = {lower(text[at + 1]), lower(text[at + 2]), at + 3 < text.size() ? lower(text[at + 3]) : '\0'};
    if ((rest[0] == 'w' && rest[1] == 'd') || (rest[0] == 'a' && rest[1] == 's' && rest[2] == 's')
        || (rest[0] == 's' && rest[1] == 'w' && rest[2] == 'd'))
      return true;
  }
  return false;
}

// Whether the row's pattern may match: false only where it cannot.
bool may_match(const Row& row, std::string_view text) {
  if (row.pattern.empty()) return false;
  switch (row.needs) {
    case Needs::kHint: return holds_hint(text, row.hints);
    case Needs::kHex32: return holds_hex_word(text, 32);
    case Needs::kHex40: return holds_hex_word(text, 40);
    case Needs::kAddress: return holds_address(text);
    case Needs::kPass: return holds_pass(text);
  }
  return true;
}

bool holds_handle(std::string_view text) {
  const std::size_t begin = text.find("ENC[");
  return begin != std::string_view::npos && text.find(']', begin) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// The next line of `rest`, without its end; `rest` goes behind it.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

// `name: |` of yaml, with or without its modifiers: the value is in the lines below.
bool begins_block(std::string_view line) {
  line = trimmed(line);
  while (!line.empty() && (line.back() == '-' || line.back() == '+' || (line.back() >= '0' && line.back() <= '9')))
    line.remove_suffix(1);
  if (!line.ends_with('|') && !line.ends_with('>')) return false;
  line.remove_suffix(1);
  return trimmed(line).ends_with(':');
}

}  // namespace

Scrubber::Scrubber() : Scrubber([](std::string& error) { return open_regex_engine(error); }) {}

bool Scrubber::ready() {
  if (asked_) return engine_ != nullptr;
  asked_ = true;
  engine_ = open_(problem_);
  if (engine_ == nullptr && problem_.empty()) problem_ = "there is no regex engine";
  return engine_ != nullptr;
}

const Scrubber::Compiled& Scrubber::compiled(std::size_t index) {
  static_assert(kRows.size() <= kRowsMax);
  const Row& row = kRows[index];
  Compiled& compiled = compiled_[index];
  std::string error;
  if (!row.pattern.empty() && !compiled.text) {
    compiled.text = Regex::compile(*engine_, row.pattern, error, kPatternMemoryBytes);
    if (compiled.text) compiled.replacement = Replacement(row.replacement, compiled.text);
  }
  if (!row.key.empty() && !compiled.key) compiled.key = Regex::compile(*engine_, row.key, error, kPatternMemoryBytes);
  if (!error.empty()) problem_ = error;
  return compiled;
}

// False: it cannot be looked through.
bool Scrubber::run(std::size_t row, std::string& text, bool keep_handles) {
  if (!may_match(kRows[row], text)) return true;
  if (!ready()) return false;
  const Compiled& with = compiled(row);
  if (!with.text) return false;
  const bool keep = keep_handles && !kRows[row].multi_line;
  if (with.replacement.replace_all(with.text, text, spare_, keep ? holds_handle : nullptr)) text.swap(spare_);
  return true;
}

bool Scrubber::run_all(bool multi_line, std::string& text, bool keep_handles) {
  for (std::size_t row = 0; row < kRows.size(); ++row) {
    if (kRows[row].multi_line != multi_line || run(row, text, keep_handles)) continue;
    text = kWithheld;
    return false;
  }
  return true;
}

std::string Scrubber::line(std::string_view line, bool keep_handles) {
  std::string out(line);
  run_all(false, out, keep_handles);
  return out;
}

std::string Scrubber::text(std::string_view text, bool keep_handles) {
  std::string out;
  std::string scrubbed;
  bool first = true;
  while (!text.empty()) {
    std::string_view given = take_line(text);
    if (given.ends_with('\r')) given.remove_suffix(1);
    const std::string_view content = trimmed(given);
    if (content.empty()) {
      out += '\n';
      continue;
    }
    if (content.front() == '#') continue;
    scrubbed = given;
    run_all(false, scrubbed, keep_handles);
    if (!first) out += '\n';
    first = false;
    out += scrubbed;
    if (scrubbed == given || !begins_block(given)) continue;
    // Own: what the name hides is not the `|` behind it.
    const std::size_t outer = indentation(given);
    for (std::string_view rest = text; !rest.empty(); text = rest) {
      const std::string_view next = take_line(rest);
      if (!trimmed(next).empty() && indentation(next) <= outer) break;
    }
  }
  run_all(true, out, keep_handles);
  return out;
}

std::string Scrubber::value(std::string_view text) {
  std::string out;
  std::string scrubbed;
  for (;;) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    scrubbed = text.substr(0, end);
    run_all(false, scrubbed, false);
    out += scrubbed;
    if (end == text.size()) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  run_all(true, out, false);
  return out;
}

Scrubber::Key Scrubber::judge_key(std::string_view given) {
  std::string key(given);
  std::transform(key.begin(), key.end(), key.begin(), lower);
  if (std::none_of(kKeyParts.begin(), kKeyParts.end(), [&](std::string_view part) { return holds(key, part); }))
    return Key::kPlain;
  if (!ready()) return Key::kHidden;
  for (std::size_t row = 0; row < kRows.size(); ++row) {
    if (kRows[row].key.empty()) continue;
    const Compiled& with = compiled(row);
    if (!with.key) return Key::kHidden;
    if (with.key.matches(key)) return kRows[row].verdict;
  }
  return Key::kPlain;
}

std::string Scrubber::keep_last(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return {};
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const auto length = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
  if (length <= 4) return std::string(kHidden);
  const std::size_t kept = length < 8 ? 1 : length < 16 ? 2 : length < 32 ? 3 : 4;
  std::size_t at = text.size();
  for (std::size_t seen = 0; seen < kept && at > 0;) seen += starts_character(text[--at]) ? 1 : 0;
  return std::string(length - kept, '*') + std::string(text.substr(at));
}

bool Scrubber::is_handle(std::string_view text) {
  text = trimmed(text);
  return text.starts_with("ENC[") && text.ends_with(']');
}

}  // namespace sls
