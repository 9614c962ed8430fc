// Which rules may match a text at all: one pass over it for all of them, before the engine is asked for any.
//
// Each rule has a window, a few byte sets one after another that stand in every text that it matches; all windows are
// looked for at once. Where there are too many rules for that, those that have a literal are found by it. A rule of
// which nothing is known may always match. It errs to one side only: what it leaves out cannot match; what it names
// may. Called by processing_rules. Figures, and what else was tried: docs/decisions/0035.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "between/literal_index.hpp"
#include "between/long_window.hpp"
#include "between/pattern_shape.hpp"
#include "between/window_scan.hpp"

namespace logs {

class RulePrefilter {
 public:
  // The next rule, in the order of the list, with the shape of its pattern.
  void add(std::string_view pattern, const PatternShape& shape);
  // A rule that has to be looked at with every text.
  void add_always();
  // After the last rule, before the first text.
  void seal();

  // False: every rule may match every text.
  bool says_anything() const { return always_.size() < rules_; }
  // The rules from `first` on that may match, ascending; valid until the next call.
  const std::vector<std::uint32_t>& candidates(std::string_view text, std::uint32_t first);

 private:
  struct Kept {
    std::uint32_t rule;
    bool has_literal;
    PatternShape shape;
    std::vector<PatternShape> branches;
  };

  void add_windows(const Kept& kept);
  void keep(std::string_view pattern, const PatternShape& shape, bool has_literal);

  std::uint32_t rules_ = 0;
  std::size_t known_ = 0;   // rules of which something is known
  std::vector<Kept> kept_;  // until seal()
  std::size_t kept_items_ = 0;
  std::vector<std::uint32_t> always_;
  std::vector<std::vector<std::uint32_t>> rules_of_bit_;
  std::vector<LongWindow> long_;  // by rule, as far as there are any
  WindowScan scan_;
  LiteralIndex literals_;
  std::vector<std::uint32_t> found_;
};

}  // namespace logs
