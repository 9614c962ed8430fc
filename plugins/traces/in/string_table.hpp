// The strings that a body numbers: v0.5's dictionary, v1.0's streamed ones.
//
// Only where each stands is kept, four bytes a string, since a body of empty strings would otherwise cost many times
// its size; and no more than kStringsMax. The body is smaller than 4 GiB. Used by v05 and v10.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sls/codec/msgpack.hpp"

namespace traces {

inline constexpr std::size_t kStringsMax = 1 << 20;  // a body with more is broken there

class StringTable {
 public:
  explicit StringTable(std::string_view body) : body_(body) {}

  // The string or binary whose head is at `offset`. False: the table is full.
  bool add(std::size_t offset) {
    if (places_.size() >= kStringsMax) return false;
    places_.push_back(static_cast<std::uint32_t>(offset));
    return true;
  }
  std::size_t size() const { return places_.size(); }
  void cut(std::size_t size) { places_.resize(size); }
  // False: there is none of that number.
  bool get(std::uint64_t number, std::string_view& out) const {
    if (number >= places_.size()) return false;
    sls::msgpack::Reader reader(body_.substr(places_[number]));
    return reader.take_string(out) || reader.take_binary(out);
  }

 private:
  std::string_view body_;
  std::vector<std::uint32_t> places_;
};

}  // namespace traces
