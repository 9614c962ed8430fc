// Lines that wait for something to become known of their request id: what became of the invocation, or which durable
// execution it belongs to. Bounded by ids and by bytes; the oldest go first. Called by the pipeline; the lines here
// have been through the processing rules.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "between/kept_line.hpp"

namespace logs {

class HeldLines {
 public:
  HeldLines(std::size_t ids_max, std::size_t bytes_max) : ids_max_(ids_max), bytes_max_(bytes_max) {}

  std::size_t count() const { return count_; }
  std::size_t bytes() const { return bytes_; }

  // Copies the line. Those that have to make room for it are given to `gone(const Line&)`, oldest first.
  template <typename Gone>
  void hold(const Line& line, Gone&& gone) {
    Group* group = find(line.request_id);
    if (group == nullptr) {
      while (groups_.size() >= ids_max_ && !groups_.empty()) release(groups_.front().request_id, gone);
      group = &groups_.emplace_back(Group{std::string(line.request_id), {}});
    }
    group->lines.emplace_back(line);
    ++count_;
    bytes_ += KeptLine::bytes_of(line);
    while (bytes_ > bytes_max_) release_oldest(gone);
  }

  // Gives all lines of the id to `ship(const Line&)`, in order.
  template <typename Ship>
  void release(std::string_view request_id, Ship&& ship) {
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i].request_id != request_id) continue;
      // taken out first: what ships may hold again
      const Group group = std::move(groups_[i]);
      groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(i));
      for (const KeptLine& kept : group.lines) give(kept, group.request_id, ship);
      return;
    }
  }
  template <typename Ship>
  void release_all(Ship&& ship) {
    while (!groups_.empty()) release(std::string(groups_.front().request_id), ship);
  }
  // Gives `each(request_id)` every id that lines are held for, oldest first; `each` may release.
  template <typename Each>
  void for_each_id(Each&& each) {
    std::deque<std::string> ids;
    for (const Group& group : groups_) ids.push_back(group.request_id);
    for (const std::string& id : ids) each(id);
  }

 private:
  struct Group {
    std::string request_id;
    std::deque<KeptLine> lines;
  };

  Group* find(std::string_view request_id) {
    for (std::size_t i = groups_.size(); i > 0; --i) {
      if (groups_[i - 1].request_id == request_id) return &groups_[i - 1];
    }
    return nullptr;
  }

  template <typename Ship>
  void give(const KeptLine& kept, std::string_view request_id, Ship& ship) {
    const Line line = kept.line(request_id);
    --count_;
    bytes_ -= KeptLine::bytes_of(line);
    ship(line);
  }

  template <typename Gone>
  void release_oldest(Gone& gone) {
    Group& group = groups_.front();
    const KeptLine kept = std::move(group.lines.front());
    const std::string request_id = group.request_id;
    group.lines.pop_front();
    if (group.lines.empty()) groups_.pop_front();
    give(kept, request_id, gone);
  }

  std::size_t ids_max_, bytes_max_;
  std::deque<Group> groups_;
  std::size_t count_ = 0, bytes_ = 0;
};

}  // namespace logs
