// What waits inside the traces plugin: bodies that nobody has read yet, and encoded parts that nobody has pulled yet.
//
// Each is bounded in bytes: a body is there until its last span is read, and what becomes of it must have room as well.
// It refuses to read or write what it holds. Filled and emptied by pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "in/wire.hpp"
#include "out/agent_payload.hpp"

namespace traces {

struct Body {
  std::string bytes;
  Format format = Format::kV04;
  Tracer tracer;
  std::int64_t now_ns = 0;  // when it came
};

// A queue that is bounded in bytes.
template <class Thing>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  bool has_room(std::size_t bytes) const { return bytes <= bytes_max_ - bytes_; }
  // False: no room; nothing was taken.
  bool push(Thing&& thing) {
    if (!has_room(thing.bytes.size())) return false;
    bytes_ += thing.bytes.size();
    things_.push_back(std::move(thing));
    return true;
  }
  const Thing& front() const { return things_.front(); }
  Thing pop() {
    Thing out = std::move(things_.front());
    things_.pop_front();
    bytes_ -= out.bytes.size();
    return out;
  }
  bool empty() const { return things_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::deque<Thing> things_;
  std::size_t bytes_ = 0;
  std::size_t bytes_max_;
};

inline constexpr std::size_t kBodyBytesWaitingMax = 25 << 20;  // a body beyond is dropped; its spans are counted
inline constexpr std::size_t kPartBytesWaitingMax = 25 << 20;  // a part beyond is dropped; its spans are counted

}  // namespace traces
