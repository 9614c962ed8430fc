#include "base/text.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "sls/codec/json_writer.hpp"

namespace agent {
namespace {

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Which characters stand in a text, by their last six bits.
std::uint64_t letters(std::string_view text) {
  std::uint64_t out = 0;
  for (char c : text) out |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
  return out;
}

// Gives up, with a distance of `limit` or more, where it cannot be less. `row` is scratch.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit, std::vector<std::size_t>& row) {
  row.resize(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0], least = row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      least = std::min(least, row[j]);
      diagonal = above;
    }
    if (least >= limit) return least;
  }
  return row[b.size()];
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower_char);
  return out;
}

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size()
         && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower_char(x) == lower_char(y); });
}

bool icontains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return lower_char(x) == lower_char(y); })
         != text.end();
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  const std::size_t allowed = std::max<std::size_t>(1, name.size() / 3);
  const std::uint64_t own = letters(name);
  std::vector<std::size_t> scratch;
  std::string_view best;
  std::size_t best_distance = allowed + 1;
  for (std::string_view candidate : candidates) {
    const std::size_t apart =
        candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
    if (apart >= best_distance) continue;
    // Each edit brings or takes one letter at most; asked first, since it costs nothing.
    const std::uint64_t theirs = letters(candidate);
    if (static_cast<std::size_t>(std::popcount(own & ~theirs)) >= best_distance) continue;
    if (static_cast<std::size_t>(std::popcount(theirs & ~own)) >= best_distance) continue;
    const std::size_t distance = edit_distance(name, candidate, best_distance, scratch);
    if (distance < best_distance) best = candidate, best_distance = distance;
  }
  return best;
}

std::string json_quoted(std::string_view text) {
  std::string out;
  sls::json::append_quoted(out, text);
  return out;
}

}  // namespace agent
