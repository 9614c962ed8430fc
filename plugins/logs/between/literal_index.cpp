#include "between/literal_index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace logs {

namespace {

constexpr std::size_t kGramBytes = 4;
constexpr std::size_t kLiteralBytesMax = 64;
constexpr std::size_t kFrom = kGramBytes;  // shorter ones are no literals

constexpr std::array<unsigned char, 256> lower_case() {
  std::array<unsigned char, 256> out{};
  for (unsigned c = 0; c < 256; ++c) out[c] = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
  return out;
}
constexpr std::array<unsigned char, 256> kLower = lower_case();

unsigned char lower(char c) { return kLower[static_cast<unsigned char>(c)]; }

std::uint32_t hashed(std::uint32_t gram, unsigned bits) { return gram * 0x9E3779B1U >> (32 - bits); }

std::uint32_t gram_of(const char* at) {
  std::uint32_t gram = 0;
  for (std::size_t i = 0; i < kGramBytes; ++i) gram = gram << 8 | lower(at[i]);
  return gram;
}

// The one character at this place, in lower case where it may have either; -1: there are several.
int character_at(const ShapeItem& item, bool& any_case) {
  if (item.times != ShapeItem::Times::kOnce) return -1;
  const int count = item.bytes.count();
  const unsigned first = item.bytes.first();
  any_case = count == 2 && first >= 'A' && first <= 'Z' && item.bytes.has(first + 0x20);
  if (any_case) return static_cast<int>(first + 0x20);
  return count == 1 ? static_cast<int>(first) : -1;
}

}  // namespace

bool find_literal(const PatternShape& shape, Literal& literal) {
  literal = {};
  Literal run;
  const auto end_of_run = [&] {
    if (run.text.size() > literal.text.size()) literal = run;
    run = {};
  };
  for (const ShapeItem& item : shape.items) {
    bool any_case = false;
    const int character = character_at(item, any_case);
    if (character < 0 || run.text.size() == kLiteralBytesMax) end_of_run();
    if (character < 0) continue;
    run.text += static_cast<char>(character);
    run.any_case |= any_case;
  }
  end_of_run();
  if (literal.any_case) {
    for (char& c : literal.text) c = static_cast<char>(lower(c));
  }
  return literal.text.size() >= kFrom;
}

void LiteralIndex::add(std::uint32_t rule, const Literal& literal) {
  entries_.push_back({0, rule, static_cast<std::uint32_t>(texts_.size()),
                      static_cast<std::uint16_t>(literal.text.size()), 0, literal.any_case});
  texts_ += literal.text;
}

// Of each literal the four bytes that it shares with the fewest others.
void LiteralIndex::choose_grams() {
  constexpr unsigned kBits = 16;
  std::vector<std::uint32_t> shared(std::size_t{1} << kBits);
  const auto each_gram = [&](const Entry& entry, const auto& visit) {
    for (std::size_t i = 0; i + kGramBytes <= entry.length; ++i) visit(i, gram_of(texts_.data() + entry.text + i));
  };
  for (const Entry& entry : entries_) {
    each_gram(entry, [&](std::size_t, std::uint32_t gram) { ++shared[hashed(gram, kBits)]; });
  }
  for (Entry& entry : entries_) {
    std::uint32_t fewest = ~0U;
    each_gram(entry, [&](std::size_t i, std::uint32_t gram) {
      if (shared[hashed(gram, kBits)] >= fewest) return;
      fewest = shared[hashed(gram, kBits)];
      entry.gram = gram;
      entry.offset = static_cast<std::uint16_t>(i);
    });
  }
}

void LiteralIndex::seal() {
  if (entries_.empty()) return;
  choose_grams();
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.gram < b.gram; });
  bits_ = std::clamp(static_cast<unsigned>(std::bit_width(entries_.size())) + 6U, 12U, 20U);
  may_be_.assign((std::size_t{1} << bits_) / 64, 0);
  first_.assign(std::bit_ceil(entries_.size() * 2), 0);
  std::uint32_t rules = 0;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    rules = std::max(rules, entries_[i].rule + 1);
    if (i > 0 && entries_[i].gram == entries_[i - 1].gram) continue;
    const std::uint32_t bit = hashed(entries_[i].gram, bits_);
    may_be_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    std::size_t slot = entries_[i].gram * 0x85EBCA6BU & (first_.size() - 1);
    while (first_[slot] != 0) slot = (slot + 1) & (first_.size() - 1);
    first_[slot] = i + 1;
  }
  found_in_.assign(rules, 0);
}

void LiteralIndex::find(std::string_view text, std::vector<std::uint32_t>& rules) {
  if (entries_.empty()) return;
  if (++text_number_ == 0) {
    std::fill(found_in_.begin(), found_in_.end(), 0);
    text_number_ = 1;
  }
  std::uint32_t gram = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    gram = gram << 8 | lower(text[i]);
    const std::uint32_t bit = hashed(gram, bits_);
    if ((may_be_[bit / 64] >> (bit % 64) & 1) != 0 && i + 1 >= kGramBytes) {
      meet(text, i + 1 - kGramBytes, gram, rules);
    }
  }
}

void LiteralIndex::meet(std::string_view text, std::size_t gram_at, std::uint32_t gram,
                        std::vector<std::uint32_t>& rules) {
  std::size_t slot = gram * 0x85EBCA6BU & (first_.size() - 1);
  while (first_[slot] != 0 && entries_[first_[slot] - 1].gram != gram) slot = (slot + 1) & (first_.size() - 1);
  if (first_[slot] == 0) return;
  for (std::size_t i = first_[slot] - 1; i < entries_.size() && entries_[i].gram == gram; ++i) {
    const Entry& entry = entries_[i];
    if (found_in_[entry.rule] == text_number_ || !stands_at(entry, text, gram_at)) continue;
    found_in_[entry.rule] = text_number_;
    rules.push_back(entry.rule);
  }
}

bool LiteralIndex::stands_at(const Entry& entry, std::string_view text, std::size_t gram_at) const {
  if (gram_at < entry.offset || text.size() - (gram_at - entry.offset) < entry.length) return false;
  const char* at = text.data() + gram_at - entry.offset;
  const char* wanted = texts_.data() + entry.text;
  if (!entry.any_case) return std::memcmp(at, wanted, entry.length) == 0;
  for (std::size_t i = 0; i < entry.length; ++i) {
    if (lower(at[i]) != static_cast<unsigned char>(wanted[i])) return false;
  }
  return true;
}

}  // namespace logs
