#include "between/tag_text.hpp"

#include <array>
#include <cstdint>

#include "between/letters.hpp"
#include "between/runes.hpp"

namespace traces {
namespace {

constexpr std::size_t kTagCharactersMax = 200;
constexpr std::size_t kTagBytesRead = 2 * kTagCharactersMax;  // no character that begins behind is looked at

enum Ascii : std::uint8_t { kTagStart = 1, kTagRest = 2, kAlpha = 4, kAlphaNumeric = 8 };
constexpr std::array<std::uint8_t, 256> ascii_classes() {
  std::array<std::uint8_t, 256> out{};
  for (unsigned c = 0; c < 0x80; ++c) {
    const bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
    const bool start = lower || c == ':', rest = start || digit || c == '.' || c == '/' || c == '-';
    out[c] = static_cast<std::uint8_t>((start ? kTagStart : 0) | (rest ? kTagRest : 0) | (lower || upper ? kAlpha : 0)
                                       | (lower || upper || digit ? kAlphaNumeric : 0));
  }
  return out;
}
constexpr auto kAscii = ascii_classes();
bool is(char c, Ascii which) { return (kAscii[static_cast<unsigned char>(c)] & which) != 0; }

enum class Rules : std::uint8_t { kTag, kValue };

bool is_normal_ascii(std::string_view text, Rules rules) {
  if (text.size() > kTagCharactersMax) return false;
  if (!text.empty() && rules == Rules::kTag && !is(text[0], kTagStart)) return false;
  bool after_gap = false;
  for (const char c : text) {
    if (is(c, kTagRest)) {
      after_gap = false;
    } else {
      if (c != '_' || after_gap) return false;
      after_gap = true;
    }
  }
  return !after_gap;
}

// What a character is to the rules: may a tag begin with it, go on with it, or is it none of a tag's.
enum class Part : std::uint8_t { kStart, kRest, kNone };

// `code` becomes lower case where it has to.
Part part_of(std::uint32_t& code) {
  if (code < 0x80) {
    if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
    const char c = static_cast<char>(code);
    return is(c, kTagStart) ? Part::kStart : is(c, kTagRest) ? Part::kRest : Part::kNone;
  }
  code = lower_of_same_bytes(code);
  return runes::is_letter(code) ? Part::kStart : is_decimal_digit(code) ? Part::kRest : Part::kNone;
}

// In as many bytes as the text that it comes from took.
void put(std::uint32_t code, std::uint32_t bytes, char* to) {
  for (std::uint32_t i = bytes; i-- > 1; code >>= 6) to[i] = static_cast<char>(0x80 | (code & 0x3F));
  static constexpr std::uint8_t kLeads[] = {0, 0, 0xC0, 0xE0, 0xF0};
  to[0] = static_cast<char>(kLeads[bytes] | code);
}

// A gap of characters that are not allowed becomes one '_' when something follows it.
std::string_view rewritten(std::string_view text, Rules rules, Arena& arena) {
  char out[kTagBytesRead + 4];
  std::size_t bytes = 0, characters = 0;
  bool gap = false;
  for (std::size_t at = 0; at < text.size() && at < kTagBytesRead && characters < kTagCharactersMax;) {
    auto [code, width] = runes::next(text.substr(at));
    at += width;
    const Part part = part_of(code);
    if (characters == 0 && rules == Rules::kTag && part != Part::kStart) continue;
    ++characters;
    if (part == Part::kNone) {
      gap = true;
      continue;
    }
    if (gap) out[bytes++] = '_';
    gap = false;
    put(code, width, out + bytes);
    bytes += width;
  }
  return arena.keep({out, bytes});
}

std::string_view normal(std::string_view text, Rules rules, Arena& arena) {
  return is_normal_ascii(text, rules) ? text : rewritten(text, rules, arena);
}

// Good as it is, but for a '_' at its end. A '_' behind a '.' may stay here, as the agent lets it.
bool is_normal_name(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (!is(c, kAlphaNumeric) && ((c != '.' && c != '_') || text[i - 1] == '_')) return false;
  }
  return true;
}

}  // namespace

std::string_view normal_tag(std::string_view text, Arena& arena) { return normal(text, Rules::kTag, arena); }
std::string_view normal_tag_value(std::string_view text, Arena& arena) { return normal(text, Rules::kValue, arena); }

std::string_view normal_name(std::string_view text, Arena& arena) {
  while (!text.empty() && !is(text[0], kAlpha)) text.remove_prefix(1);
  if (is_normal_name(text)) {
    if (text.ends_with('_')) text.remove_suffix(1);
    return text;
  }
  char* const out = arena.take(text.size());
  std::size_t bytes = 0;
  for (const char c : text) {
    if (is(c, kAlphaNumeric)) {
      out[bytes++] = c;
    } else if (c == '.') {
      if (out[bytes - 1] == '_') --bytes;
      out[bytes++] = c;
    } else if (out[bytes - 1] != '.' && out[bytes - 1] != '_') {
      out[bytes++] = '_';
    }
  }
  if (out[bytes - 1] == '_') --bytes;
  return {out, bytes};
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max != 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace traces
