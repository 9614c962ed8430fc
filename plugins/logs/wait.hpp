// Where entries wait: the one bounded buffer of this plugin, first in, first out.
//
// Entries are written once, into blocks that are only appended to, and are handed out as views into them: a flush
// copies nothing. What was handed out lives until the next call of any other function here (the host's next call). It
// is bounded by bytes: when it is full, the newest lines of the function and of extensions are dropped first; a
// platform line goes only where nothing else is left to drop. It knows no JSON and no limit of the intake but those
// that it is asked with. Called by the pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "sls/plugin.h"

namespace logs {

class Wait {
 public:
  explicit Wait(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // A place to append one entry of at most `bytes_max` bytes to, without moving what is there; to be followed by
  // commit(). Earlier handed out parts die.
  std::string& open(std::size_t bytes_max);
  // Takes what was appended since open(). Returns how many entries were dropped to keep the bound: newest lines, this
  // one among them.
  std::size_t commit(bool platform);

  // The oldest entries: at most `count_max`, at most `bytes_max` bytes with one byte between them; at least one where
  // there is one. They are no longer pending.
  std::span<const sls_part> take(std::size_t count_max, std::size_t bytes_max);

  std::size_t pending() const { return parts_.size() - first_ - taken_; }
  std::size_t pending_bytes() const { return bytes_; }

 private:
  struct Block {
    std::string bytes;
    std::size_t parts = 0;  // those that begin in it and were not let go
  };

  void let_go();  // of what take() handed out
  void retire(std::string bytes);
  void pop_newest();
  std::size_t make_room();

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;  // of pending entries
  std::deque<Block> blocks_;
  std::vector<std::string> spare_;      // emptied blocks of the usual size
  std::vector<sls_part> parts_;         // those before `first_` are gone, the next `taken_` are handed out
  std::vector<std::uint8_t> platform_;  // beside parts_
  std::size_t first_ = 0;
  std::size_t taken_ = 0;
  std::size_t opened_at_ = 0;
};

}  // namespace logs
