#include "between/pattern_reader.hpp"

#include <algorithm>
#include <array>

namespace logs {

namespace {

constexpr int kRepeatMax = 1000;  // the engine's own bound

struct NamedSet {
  std::string_view name;
  ByteSet set;
};
constexpr std::array kPosix = {
    NamedSet{"alnum", kDigit | kLower | kUpper},
    NamedSet{"alpha", kLower | kUpper},
    NamedSet{"ascii", kAscii},
    NamedSet{"blank", members("\t ")},
    NamedSet{"cntrl", ByteSet::range(0, 31) | ByteSet::range(127, 127)},
    NamedSet{"digit", kDigit},
    NamedSet{"graph", ByteSet::range('!', '~')},
    NamedSet{"lower", kLower},
    NamedSet{"print", ByteSet::range(' ', '~')},
    NamedSet{"punct",
             ByteSet::range('!', '/') | ByteSet::range(':', '@') | ByteSet::range('[', '`') | ByteSet::range('{', '~')},
    NamedSet{"space", members("\t\n\v\f\r ")},
    NamedSet{"upper", kUpper},
    NamedSet{"word", kWord},
    NamedSet{"xdigit", kDigit | ByteSet::range('a', 'f') | ByteSet::range('A', 'F')},
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

ByteSet folded(const ByteSet& set) {
  ByteSet out = set;
  set.for_each([&](unsigned b) {
    if (is_letter(b)) out.add(b ^ 0x20);
  });
  return out;
}

bool takes_part_in_folding_beyond_ascii(const ByteSet& set) {
  return set.has('k') || set.has('K') || set.has('s') || set.has('S');
}

}  // namespace

void fold(CharacterSet& set) {
  const bool reaches_out = takes_part_in_folding_beyond_ascii(set.ascii);
  set.ascii = folded(set.ascii);
  if (set.beyond) set.ascii |= kFoldedBeyondAscii;
  set.beyond |= reaches_out;
}

bool PatternReader::class_escape(CharacterSet& set) {
  const char c = pattern_[at_ + 1];
  switch (c) {
    case 'd': set = {kDigit, false, false}; break;
    case 'w': set = {kWord, false, false}; break;
    case 's': set = {kPerlSpace, false, false}; break;
    case 'D': set = {kDigit.ascii_complement(), true, true}; break;
    case 'W': set = {kWord.ascii_complement(), true, true}; break;
    case 'S': set = {kPerlSpace.ascii_complement(), true, true}; break;
    case 'p':
    case 'P': {
      if (at_ + 2 >= pattern_.size()) return false;
      const bool braced = pattern_[at_ + 2] == '{';
      const std::size_t end = braced ? pattern_.find('}', at_) : at_ + 2;
      if (end == std::string_view::npos) return false;
      at_ = end + 1;
      certain_ = false;  // the engine has the names
      set = {kAscii, true, true};
      return true;
    }
    default: return false;
  }
  at_ += 2;
  return true;
}

bool PatternReader::character_escape(std::uint32_t& character) {
  const char c = pattern_[at_ + 1];
  at_ += 2;
  switch (c) {
    case 'a': character = '\a'; return true;
    case 'f': character = '\f'; return true;
    case 'n': character = '\n'; return true;
    case 'r': character = '\r'; return true;
    case 't': character = '\t'; return true;
    case 'v': character = '\v'; return true;
    case 'x': return hex_escape(character);
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80 || byte < ' ' || byte == 0x7F || is_letter(byte) || is_digit(byte)) return false;
  character = byte;
  return true;
}

bool PatternReader::hex_escape(std::uint32_t& character) {
  const bool braced = skip("{");
  const std::size_t end = braced ? pattern_.find('}', at_) : at_ + 2;
  if (end > pattern_.size() || end == at_ || end - at_ > 6) return false;
  character = 0;
  for (; at_ < end; ++at_) {
    const int digit = hex_digit(peek());
    if (digit < 0) return false;
    character = character * 16 + static_cast<std::uint32_t>(digit);
  }
  if (braced) ++at_;
  return character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
}

std::uint32_t PatternReader::character() {
  const auto lead = static_cast<unsigned char>(pattern_[at_]);
  if (lead < 0x80) {
    ++at_;
    return lead;
  }
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t value = lead & (0x7FU >> bytes);
  if (lead < 0xC2 || lead > 0xF4 || at_ + bytes > pattern_.size()) {
    fail();
    return 0;
  }
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto trail = static_cast<unsigned char>(pattern_[at_ + i]);
    if ((trail & 0xC0) != 0x80) fail();
    value = value << 6 | (trail & 0x3FU);
  }
  // what is written longer than it has to be, surrogates, and what lies beyond Unicode
  if ((bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000) || value > 0x10FFFF
      || (value >= 0xD800 && value <= 0xDFFF)) {
    fail();
  }
  at_ += bytes;
  return value;
}

CharacterSet PatternReader::bracket(bool without_case) {
  ++at_;
  const bool negated = skip("^");
  CharacterSet set;
  bool first = true;
  while (more() && (peek() != ']' || first)) {
    first = false;
    if (looking_at("[:")) {
      if (!posix(set)) fail();
      continue;
    }
    if (peek() == '\\' && at_ + 1 < pattern_.size()) {
      CharacterSet inner;
      if (class_escape(inner)) {
        set.ascii |= inner.ascii;
        set.beyond |= inner.beyond;
        set.vague |= inner.vague;
        continue;
      }
    }
    range(set);
  }
  if (!skip("]")) fail();
  // The complement of a set that may hold too much would hold too little.
  const bool vague = set.vague || (without_case && set.beyond);
  if (without_case) fold(set);
  if (negated) set = {vague ? kAscii : set.ascii.ascii_complement(), true, true};
  return set;
}

bool PatternReader::posix(CharacterSet& set) {
  at_ += 2;
  const bool negated = skip("^");
  for (const NamedSet& each : kPosix) {
    if (!looking_at(each.name) || !pattern_.substr(at_ + each.name.size()).starts_with(":]")) continue;
    at_ += each.name.size() + 2;
    set.ascii |= negated ? each.set.ascii_complement() : each.set;
    set.beyond |= negated;
    set.vague |= negated;
    return true;
  }
  return false;
}

void PatternReader::range(CharacterSet& set) {
  std::uint32_t low = 0;
  if (!set_member(low)) return fail();
  std::uint32_t high = low;
  if (looking_at("-") && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
    ++at_;
    if (!set_member(high) || high < low) return fail();
  }
  for (std::uint32_t c = low; c <= std::min<std::uint32_t>(high, 127); ++c) set.ascii.add(c);
  set.beyond |= high > 127;
}

bool PatternReader::set_member(std::uint32_t& character_out) {
  if (!more()) return false;
  if (peek() == '\\') return at_ + 1 < pattern_.size() && character_escape(character_out);
  character_out = character();
  return !failed_;
}

bool PatternReader::quantifier(int& least, int& most) {
  switch (peek()) {
    case '*': least = 0, most = -1; break;
    case '+': least = 1, most = -1; break;
    case '?': least = 0, most = 1; break;
    case '{': return counted(least, most);
    default: return false;
  }
  ++at_;
  return true;
}

bool PatternReader::counted(int& least, int& most) {
  const std::size_t before = at_;
  ++at_;
  int low = 0, high = 0;
  bool understood = number(low);
  if (understood && skip(",")) {
    if (looking_at("}")) {
      high = -1;
    } else {
      understood = number(high);
    }
  } else {
    high = low;
  }
  if (!understood || !skip("}")) {
    at_ = before;
    return false;
  }
  if (low > kRepeatMax || high > kRepeatMax || (high >= 0 && high < low)) fail();
  least = low;
  most = high;
  return true;
}

bool PatternReader::number(int& value) {
  const std::size_t begin = at_;
  value = 0;
  for (; more() && is_digit(static_cast<unsigned char>(peek())); ++at_) {
    value = std::min(value * 10 + (peek() - '0'), kRepeatMax + 1);
  }
  // the engine reads a number with leading zeros otherwise
  return at_ > begin && (pattern_[begin] != '0' || at_ == begin + 1);
}

}  // namespace logs
