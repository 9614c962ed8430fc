#include "between/rule_prefilter.hpp"

#include <sls/codec/logarithm.hpp>

#include <algorithm>
#include <bit>
#include <utility>

#include "between/pattern_window.hpp"

namespace logs {

namespace {

constexpr std::size_t kCompared = 8;            // length of windows that are compared
constexpr double kWorthApart = 1e-6;            // what passes more rarely need not be taken apart
constexpr std::size_t kKeptItemsMax = 1 << 18;  // while rules are read; those beyond may always match

constexpr std::size_t kBranchedItemsMax = 512;  // a longer shape is not taken apart

// 2^-bits, in steps of 1/4096 of a bit.
double share_of(double bits) {
  constexpr double kStep = 0.9998307889319291;  // 2^(-1/4096)
  return sls::power(kStep, static_cast<int>(std::min(bits, 1000.0) * 4096));
}

// Whether windows of the alternatives let fewer texts pass than one that is laid over all of them.
bool branches_say_more(const PatternShape& shape, const std::vector<PatternShape>& branches) {
  if (branches.empty()) return false;
  PatternWindow window;
  find_window(shape, kCompared, window);
  const double together = share_of(window.weight);
  double apart = 0;
  for (const PatternShape& branch : branches) {
    if (!find_window(branch, kCompared, window)) return false;
    apart += share_of(window.weight);
  }
  return together > kWorthApart && apart * 4 < together;
}

}  // namespace

void RulePrefilter::add(std::string_view pattern, const PatternShape& shape) {
  if (!shape.known) return add_always();
  Literal literal;
  const bool has_literal = find_literal(shape, literal);
  const bool for_windows = !has_literal || known_ < WindowScan::kWindowsMax;
  if (for_windows && kept_items_ + shape.items.size() > kKeptItemsMax) return add_always();
  if (has_literal) literals_.add(rules_, literal);
  if (for_windows) keep(pattern, shape, has_literal);
  ++known_;
  ++rules_;
}

void RulePrefilter::keep(std::string_view pattern, const PatternShape& shape, bool has_literal) {
  kept_items_ += shape.items.size();
  Kept& kept = kept_.emplace_back(Kept{rules_, has_literal, shape, {}});
  if (known_ >= WindowScan::kWindowsMax || shape.items.size() > kBranchedItemsMax) return;
  for (int i = 0; i < shape.branches; ++i) read_branch(pattern, i, kept.branches.emplace_back());
}

void RulePrefilter::add_always() { always_.push_back(rules_++); }

void RulePrefilter::seal() {
  if (known_ > WindowScan::kWindowsMax) {
    std::erase_if(kept_, [](const Kept& each) { return each.has_literal; });
    literals_.seal();
  } else {
    literals_ = {};
  }
  std::size_t windows = kept_.size();
  PatternWindow window;
  for (Kept& each : kept_) {
    const bool room = windows + each.branches.size() <= WindowScan::kWindowsMax;
    if (!room || !branches_say_more(each.shape, each.branches)) each.branches.clear();
    windows += each.branches.empty() ? 0 : each.branches.size() - 1;
  }
  scan_ = WindowScan(windows);
  rules_of_bit_.resize(WindowScan::kWindowsMax);
  for (Kept& each : kept_) add_windows(each);
  kept_ = {};
  std::sort(always_.begin(), always_.end());
}

void RulePrefilter::add_windows(const Kept& kept) {
  PatternWindow window;
  if (!find_window(kept.shape, scan_.length_max(), window)) return always_.push_back(kept.rule);
  if (kept.branches.empty()) {
    rules_of_bit_[scan_.add(window.sets)].push_back(kept.rule);
  } else {
    for (const PatternShape& branch : kept.branches) {
      find_window(branch, scan_.length_max(), window);
      rules_of_bit_[scan_.add(window.sets)].push_back(kept.rule);
    }
  }
  if (kept.rule >= WindowScan::kWindowsMax) return;
  if (!find_window(kept.shape, LongWindow::kLengthMax, window) || window.sets.size() <= scan_.length_max()) return;
  if (long_.size() <= kept.rule) long_.resize(kept.rule + 1);
  long_[kept.rule] = LongWindow(window.sets);
}

const std::vector<std::uint32_t>& RulePrefilter::candidates(std::string_view text, std::uint32_t first) {
  found_.clear();
  literals_.find(text, found_);
  if (!scan_.empty()) {
    for (std::uint64_t bits = scan_.find(text); bits != 0; bits &= bits - 1) {
      const std::vector<std::uint32_t>& rules = rules_of_bit_[static_cast<std::size_t>(std::countr_zero(bits))];
      found_.insert(found_.end(), rules.begin(), rules.end());
    }
  }
  std::erase_if(found_, [&](std::uint32_t rule) {
    return rule < first || (rule < long_.size() && long_[rule] && !long_[rule].stands_in(text));
  });
  found_.insert(found_.end(), std::lower_bound(always_.begin(), always_.end(), first), always_.end());
  std::sort(found_.begin(), found_.end());
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  return found_;
}

}  // namespace logs
