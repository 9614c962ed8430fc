#include "wait.hpp"

#include <algorithm>
#include <utility>

namespace logs {

namespace {

constexpr std::size_t kBlockBytes = 256 << 10;
constexpr std::size_t kSpareBlocksMax = 2;    // kept between flushes; more go back to the system
constexpr std::size_t kEvictionsPerPass = 8;  // one pass frees at least this part of the bound, so passes are rare

}  // namespace

void Wait::let_go() {
  if (taken_ == 0) return;
  std::size_t left = taken_;
  while (left != 0) {
    Block& block = blocks_.front();
    const std::size_t here = std::min(left, block.parts);
    block.parts -= here;
    left -= here;
    if (block.parts != 0) break;
    retire(std::move(block.bytes));
    blocks_.pop_front();
  }
  first_ += taken_;
  taken_ = 0;
  if (first_ * 2 < parts_.size()) return;
  const auto gone = static_cast<std::ptrdiff_t>(first_);
  parts_.erase(parts_.begin(), parts_.begin() + gone);
  platform_.erase(platform_.begin(), platform_.begin() + gone);
  first_ = 0;
}

void Wait::retire(std::string bytes) {
  if (bytes.capacity() >= 2 * kBlockBytes || spare_.size() == kSpareBlocksMax) return;
  bytes.clear();
  spare_.push_back(std::move(bytes));
}

std::string& Wait::open(std::size_t bytes_max) {
  let_go();
  const bool fits = !blocks_.empty() && blocks_.back().bytes.capacity() - blocks_.back().bytes.size() >= bytes_max;
  if (!fits) {
    blocks_.emplace_back();
    std::string& bytes = blocks_.back().bytes;
    if (bytes_max <= kBlockBytes && !spare_.empty()) {
      bytes = std::move(spare_.back());
      spare_.pop_back();
    }
    bytes.reserve(std::max(kBlockBytes, bytes_max));
  }
  opened_at_ = blocks_.back().bytes.size();
  return blocks_.back().bytes;
}

std::size_t Wait::commit(bool platform) {
  Block& block = blocks_.back();
  const std::size_t bytes = block.bytes.size() - opened_at_;
  parts_.push_back({{block.bytes.data() + opened_at_, bytes}, 1});
  platform_.push_back(platform ? 1 : 0);
  ++block.parts;
  bytes_ += bytes;
  if (bytes_ <= bytes_max_) return 0;
  if (!platform) {
    pop_newest();
    return 1;
  }
  return make_room();
}

void Wait::pop_newest() {
  Block& block = blocks_.back();
  const std::size_t bytes = parts_.back().bytes.len;
  block.bytes.resize(static_cast<std::size_t>(parts_.back().bytes.data - block.bytes.data()));
  bytes_ -= bytes;
  parts_.pop_back();
  platform_.pop_back();
  if (--block.parts != 0) return;
  retire(std::move(block.bytes));
  blocks_.pop_back();
}

// Drops newest function and extension lines; platform lines behind them are put back in their order.
std::size_t Wait::make_room() {
  const std::size_t target = bytes_max_ - bytes_max_ / kEvictionsPerPass;
  std::vector<std::string> platform;
  std::size_t dropped = 0, platform_bytes = 0;
  while (pending() != 0 && bytes_ + platform_bytes > target) {
    if (platform_.back() != 0) {
      platform.emplace_back(parts_.back().bytes.data, parts_.back().bytes.len);
      platform_bytes += platform.back().size();
    } else {
      ++dropped;
    }
    pop_newest();
  }
  std::size_t kept = 0;
  for (; bytes_ + platform_bytes > bytes_max_; ++kept, ++dropped) platform_bytes -= platform[kept].size();
  for (std::size_t i = platform.size(); i != kept; --i) {
    const std::string& entry = platform[i - 1];
    open(entry.size()) += entry;
    parts_.push_back({{blocks_.back().bytes.data() + opened_at_, entry.size()}, 1});
    platform_.push_back(1);
    ++blocks_.back().parts;
    bytes_ += entry.size();
  }
  return dropped;
}

std::span<const sls_part> Wait::take(std::size_t count_max, std::size_t bytes_max) {
  let_go();
  const std::span<const sls_part> waiting(parts_.data() + first_, parts_.size() - first_);
  std::size_t n = 0, bytes = 0;
  while (n < waiting.size() && n < count_max) {
    const std::size_t more = waiting[n].bytes.len + (n == 0 ? 0 : 1);
    if (n != 0 && bytes + more > bytes_max) break;
    bytes += more;
    bytes_ -= waiting[n].bytes.len;
    ++n;
  }
  taken_ = n;
  return waiting.first(n);
}

}  // namespace logs
