// Which spans came before: a tracer that got no answer sends its payload once more.
//
// A bounded memory of (trace id, span id), made at the first span: a new key takes the place of the oldest of the few
// that share its row, so that what came long ago is forgotten. It refuses to judge ids of 0, which are no ids. Called
// by pipeline for every span.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace traces {

inline constexpr std::size_t kSpansRemembered = 8192;

class Duplicates {
 public:
  // True: this span was seen before. Else it is remembered.
  bool seen(std::uint64_t trace_id, std::uint64_t span_id) {
    if (trace_id == 0 || span_id == 0) return false;
    if (rows_.empty()) rows_.resize(kSpansRemembered / kPerRow);
    // Ids of one trace differ in a few low bits only in hand-made ones: multiplied, so that every bit counts.
    const std::uint64_t mixed = (span_id ^ trace_id * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;
    Row& row = rows_[mixed >> 32 & (rows_.size() - 1)];
    for (const Key& key : row.keys)
      if (key.span_id == span_id && key.trace_id == trace_id) return true;
    row.keys[row.oldest++ % kPerRow] = {trace_id, span_id};
    return false;
  }

 private:
  static constexpr std::size_t kPerRow = 8;
  struct Key {
    std::uint64_t trace_id = 0, span_id = 0;
  };
  struct Row {
    std::array<Key, kPerRow> keys;
    std::size_t oldest = 0;
  };
  std::vector<Row> rows_;
};

}  // namespace traces
