#include "between/long_window.hpp"

#include <algorithm>

namespace logs {

LongWindow::LongWindow(std::span<const ByteSet> sets) : sets_(sets.begin(), sets.end()) {
  step_.fill(static_cast<std::uint8_t>(sets_.size()));
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    any_ |= sets_[i];
    if (i + 1 == sets_.size()) break;
    sets_[i].for_each([&](unsigned byte) { step_[byte] = static_cast<std::uint8_t>(sets_.size() - 1 - i); });
  }
}

bool LongWindow::stands_in(std::string_view text) const {
  const std::size_t length = sets_.size();
  for (std::size_t end = length; end <= text.size();) {
    const char* const begin = text.data() + (end - length);
    std::size_t i = length;
    while (i > 0 && sets_[i - 1].has(static_cast<unsigned char>(begin[i - 1]))) --i;
    if (i == 0) return true;
    // Either the last byte fits further to the left, or the one that did not fit stands nowhere in the window.
    std::size_t step = step_[static_cast<unsigned char>(begin[length - 1])];
    if (!any_.has(static_cast<unsigned char>(begin[i - 1]))) step = std::max(step, i);
    end += step;
  }
  return false;
}

}  // namespace logs
