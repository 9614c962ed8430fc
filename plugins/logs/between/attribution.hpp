// Lines that came before anybody knew their request id: they wait here, in order, until one is known.
//
// Lambda sends what is logged during the init phase before the first START. Such lines follow the first record that has
// an id and get that id; where none ever comes (a failed init), they are shipped at shutdown without one. On managed
// instances, where invocations run side by side, nothing waits. Bounded by bytes; the pipeline ships what finds no room
// without an id. Called by the pipeline; the lines here have been through the processing rules.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "between/kept_line.hpp"

namespace logs {

inline constexpr std::size_t kOrphanBytesMax = 4 << 20;  // further lines are shipped at once, without a request id

class Orphans {
 public:
  // Copies the line. False: no room.
  bool hold(const Line& line);
  std::size_t count() const { return lines_.size(); }
  std::size_t bytes() const { return bytes_; }

  // Gives all of them to `ship(const Line&)`, in order, with this id (empty: not known).
  template <typename Ship>
  void release(std::string_view request_id, Ship&& ship) {
    for (const KeptLine& kept : lines_) ship(kept.line(request_id));
    lines_.clear();
    lines_.shrink_to_fit();  // this is the init phase's business: once per sandbox
    bytes_ = 0;
  }

 private:
  std::vector<KeptLine> lines_;
  std::size_t bytes_ = 0;
};

}  // namespace logs
