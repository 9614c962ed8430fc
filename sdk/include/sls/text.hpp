// Borrowed bytes and pairs of them: the views that everything else of the C++ face is made of.
//
// They own nothing and copy nothing: each is the C struct of plugin.h with the manners of std::string_view. What the
// host passes is gone when the call returns, so whoever keeps a view keeps rubbish; copy into a std::string instead.
//
// Used by every other header of sls/; knows only plugin.h.
#pragma once

#include <sls/plugin.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace sls {

// A std::string_view that converts to and from sls_str.
class Text : public std::string_view {
 public:
  constexpr Text() = default;
  constexpr Text(sls_str bytes) : std::string_view(bytes.len == 0 ? std::string_view() : view(bytes)) {}
  template <class Texts>
  requires std::convertible_to<const Texts&, std::string_view>
  constexpr Text(const Texts& text) : std::string_view(text) {}

  constexpr operator sls_str() const { return {std::string_view::data(), size()}; }
  constexpr bool contains(std::string_view part) const { return find(part) != npos; }

 private:
  static constexpr std::string_view view(sls_str bytes) { return {bytes.data, bytes.len}; }
};

constexpr sls_str str(std::string_view text) { return {text.data(), text.size()}; }
constexpr sls_pair pair(std::string_view key, std::string_view value) { return {str(key), str(value)}; }
constexpr sls_part part(std::string_view bytes, std::uint64_t items) { return {str(bytes), items}; }

struct Pair {
  Text key, value;
};

namespace detail {
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool same_letters(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

// Whether a struct that carries its own size reaches as far as a member: what lies beyond is absent.
template <class Struct, class Member>
bool reaches(const Struct* object, const Member& member) {
  const auto* begin = reinterpret_cast<const char*>(object);
  const auto* end = reinterpret_cast<const char*>(&member) + sizeof member;
  return static_cast<std::size_t>(end - begin) <= object->size;
}
template <class Struct, class Member>
Member present(const Struct* object, const Member& member) {
  return reaches(object, member) ? member : Member{};
}
}  // namespace detail

// Tags, headers, options: pairs in the order in which they came.
class Pairs {
 public:
  constexpr Pairs() = default;
  constexpr Pairs(sls_pairs pairs) : pairs_(pairs) {}
  // An array, a vector or a span of pairs, which lives longer than the view.
  template <class Range>
  requires std::convertible_to<const Range&, std::span<const sls_pair>>
  constexpr Pairs(const Range& range) : pairs_{std::data(range), std::size(range)} {}

  class iterator {
   public:
    using value_type = Pair;
    using difference_type = std::ptrdiff_t;
    using reference = Pair;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;
    constexpr iterator() = default;
    constexpr explicit iterator(const sls_pair* at) : at_(at) {}
    constexpr Pair operator*() const { return {at_->key, at_->value}; }
    constexpr iterator& operator++() { return ++at_, *this; }
    constexpr iterator operator++(int) { return iterator(at_++); }
    constexpr bool operator==(const iterator&) const = default;

   private:
    const sls_pair* at_ = nullptr;
  };
  constexpr iterator begin() const { return iterator(pairs_.items); }
  constexpr iterator end() const { return iterator(pairs_.items + pairs_.count); }
  constexpr std::size_t size() const { return pairs_.count; }
  constexpr bool empty() const { return pairs_.count == 0; }
  constexpr Pair operator[](std::size_t i) const { return {pairs_.items[i].key, pairs_.items[i].value}; }

  // The value of the first pair with that key, else `otherwise`.
  constexpr Text get(std::string_view key, std::string_view otherwise = {}) const {
    for (Pair each : *this)
      if (each.key == key) return each.value;
    return otherwise;
  }
  constexpr bool has(std::string_view key) const {
    for (Pair each : *this)
      if (each.key == key) return true;
    return false;
  }
  // Names of HTTP headers: letters compare without case.
  constexpr Text header(std::string_view name, std::string_view otherwise = {}) const {
    for (Pair each : *this)
      if (detail::same_letters(each.key, name)) return each.value;
    return otherwise;
  }
  constexpr operator sls_pairs() const { return pairs_; }

 private:
  sls_pairs pairs_{nullptr, 0};
};

}  // namespace sls
