// Finds which of many literals occur in a text, in one pass: by four bytes of each, then by the whole.
//
// The time per byte hardly grows with their number. Called by rule_prefilter where there are too many rules for
// windows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "between/pattern_shape.hpp"

namespace logs {

struct Literal {
  std::string text;
  bool any_case = false;  // `text` is then in lower case
};

// The longest literal of the shape that is long enough to look for. False: there is none.
bool find_literal(const PatternShape& shape, Literal& literal);

class LiteralIndex {
 public:
  void add(std::uint32_t rule, const Literal& literal);
  void seal();
  bool empty() const { return entries_.empty(); }
  // Appends the rules whose literal occurs, once each, in no order.
  void find(std::string_view text, std::vector<std::uint32_t>& rules);

 private:
  struct Entry {
    std::uint32_t gram, rule;
    std::uint32_t text;            // where its literal begins in texts_
    std::uint16_t length, offset;  // of the literal; of the gram in it
    bool any_case;
  };

  void meet(std::string_view text, std::size_t gram_at, std::uint32_t gram, std::vector<std::uint32_t>& rules);
  bool stands_at(const Entry& entry, std::string_view text, std::size_t gram_at) const;
  void choose_grams();

  std::string texts_;
  std::vector<Entry> entries_;           // sorted by gram
  std::vector<std::uint64_t> may_be_;    // by hash of the gram
  std::vector<std::uint32_t> first_;     // hash table: an entry's index + 1
  std::vector<std::uint32_t> found_in_;  // by rule: the last text that it was found in
  std::uint32_t text_number_ = 0;
  unsigned bits_ = 0;
};

}  // namespace logs
