#include "lab/text_diff.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace lab {
namespace {

constexpr std::size_t kComparisonsMax = 1 << 20;

// Runs of letters and digits; every other character alone.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0, begin = 0; i < text.size(); begin = i) {
    const auto inside = [&](std::size_t at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      return std::isalnum(byte) != 0 || byte >= 0x80;
    };
    while (i < text.size() && inside(i)) ++i;
    if (i == begin) ++i;
    out.push_back(text.substr(begin, i - begin));
  }
  return out;
}

void append(std::vector<Piece>& to, std::string_view text, bool changed) {
  if (text.empty()) return;
  if (to.empty() || to.back().changed != changed) to.push_back({"", changed});
  to.back().text.append(text);
}

// A mask of several words is one mask.
std::vector<Piece> joined(const std::vector<Piece>& pieces) {
  std::vector<Piece> out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool between = i != 0 && i + 1 < pieces.size() && pieces[i - 1].changed && pieces[i + 1].changed;
    const bool blank = pieces[i].text.find_first_not_of(' ') == std::string::npos;
    append(out, pieces[i].text, pieces[i].changed || (between && blank));
  }
  return out;
}

std::vector<Piece> by_ends(std::string_view before, std::string_view after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0, tail = 0;
  while (head < shorter && before[head] == after[head]) ++head;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  std::vector<Piece> out;
  append(out, after.substr(0, head), false);
  append(out, after.substr(head, after.size() - head - tail), true);
  append(out, after.substr(after.size() - tail), false);
  return out;
}

}  // namespace

std::vector<Piece> changes(std::string_view before, std::string_view after) {
  const auto a = words_of(before), b = words_of(after);
  if (a.size() * b.size() > kComparisonsMax) return by_ends(before, after);
  // Longest common subsequence, lengths from the end.
  const std::size_t stride = b.size() + 1;
  std::vector<std::uint32_t> length((a.size() + 1) * stride, 0);
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      length[i * stride + j] = a[i] == b[j] ? length[(i + 1) * stride + j + 1] + 1
                                            : std::max(length[(i + 1) * stride + j], length[i * stride + j + 1]);
  std::vector<Piece> out;
  for (std::size_t i = 0, j = 0; j < b.size();) {
    if (i < a.size() && a[i] == b[j] && length[i * stride + j] == length[(i + 1) * stride + j + 1] + 1) {
      append(out, b[j++], false);
      ++i;
    } else if (i < a.size() && length[(i + 1) * stride + j] >= length[i * stride + j + 1]) {
      ++i;
    } else {
      append(out, b[j++], true);
    }
  }
  return joined(out);
}

}  // namespace lab
