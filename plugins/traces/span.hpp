// The span that the trades work on, and the chunk of one trace's spans. It is no wire's: every decoder of in/ fills it,
// the trades of between/ change it, out/ encodes it.
//
// Every text is a view: into the kept bytes of a request, or into the arena of its chunk when a trade replaced it. What
// is absent is empty or 0. Spans are reused from trace to trace, so that their vectors keep their room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "arena.hpp"

namespace traces {

using Texts = std::vector<std::pair<std::string_view, std::string_view>>;
using Numbers = std::vector<std::pair<std::string_view, double>>;

struct SpanLink {
  std::uint64_t trace_id = 0, trace_id_high = 0, span_id = 0, flags = 0;
  std::string_view tracestate;
  Texts attributes;
};

// The value of a span event's attribute. Of an array the elements are scalars.
struct AttributeValue {
  enum class Type : std::uint8_t { kText = 0, kBool, kInteger, kDouble, kArray };  // the wires' numbers
  Type type = Type::kText;
  bool truth = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string_view text;
  std::vector<AttributeValue> values;
};

struct SpanEvent {
  std::uint64_t time_ns = 0;  // wall clock
  std::string_view name;
  std::vector<std::pair<std::string_view, AttributeValue>> attributes;
};

struct Span {
  std::string_view service, name, resource, type;
  std::uint64_t trace_id = 0, span_id = 0, parent_id = 0;
  std::int64_t start = 0, duration = 0;  // ns; start is wall clock
  std::int32_t error = 0;
  Texts meta, meta_struct;
  Numbers metrics;
  std::vector<SpanLink> links;
  std::vector<SpanEvent> events;

  void clear() {
    service = name = resource = type = {};
    trace_id = span_id = parent_id = 0;
    start = duration = 0;
    error = 0;
    meta.clear(), meta_struct.clear(), metrics.clear(), links.clear(), events.clear();
  }
  // Of meta; empty: not there. The first of equal keys.
  std::string_view tag(std::string_view key) const {
    const std::string_view* value = find(key);
    return value == nullptr ? std::string_view() : *value;
  }
  // The place of a value in meta or metrics; null: not there.
  std::string_view* find(std::string_view key) { return find_in(meta, key); }
  const std::string_view* find(std::string_view key) const { return find_in(meta, key); }
  double* find_metric(std::string_view key) { return find_in(metrics, key); }
  const double* find_metric(std::string_view key) const { return find_in(metrics, key); }
  // Replaces or appends; `key` and `value` must live as long as the chunk.
  void set(std::string_view key, std::string_view value) { set_in(meta, key, value); }
  void set_metric(std::string_view key, double value) { set_in(metrics, key, value); }
  void erase(std::string_view key) {
    std::erase_if(meta, [key](const auto& entry) { return entry.first == key; });
  }
  void erase_metric(std::string_view key) {
    std::erase_if(metrics, [key](const auto& entry) { return entry.first == key; });
  }

 private:
  template <class Pairs>
  static auto find_in(Pairs& pairs, std::string_view key) -> decltype(&pairs.front().second) {
    for (auto& entry : pairs)
      if (entry.first == key) return &entry.second;
    return nullptr;
  }
  template <class Pairs, class Value>
  static void set_in(Pairs& pairs, std::string_view key, Value value) {
    if (auto* place = find_in(pairs, key))
      *place = value;
    else
      pairs.emplace_back(key, value);
  }
};

// The spans of one trace that arrived together, in their order, with what is said of them all.
class Chunk {
 public:
  std::span<Span> spans() { return {spans_.data(), size_}; }
  std::span<const Span> spans() const { return {spans_.data(), size_}; }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  // An empty span at the end; it stays where it is until the next add.
  Span& add() {
    if (size_ == spans_.size()) spans_.emplace_back();
    spans_[size_].clear();
    return spans_[size_++];
  }
  void remove_last() { --size_; }
  // The others keep their order. Returns how many went.
  template <class Predicate>
  std::size_t remove_if(Predicate predicate) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (predicate(static_cast<const Span&>(spans_[i]))) continue;
      if (kept != i) std::swap(spans_[kept], spans_[i]);
      ++kept;
    }
    return std::exchange(size_, kept) - kept;
  }
  void clear() {
    size_ = 0;
    priority.reset();
    origin = {};
    tags.clear();
    dropped_trace = false;
    arena.clear();
  }

  // Bytes of memory that its spans hold, in use or kept for later ones; what is inside links and events, which nobody
  // keeps, is not looked at.
  std::size_t room() const {
    std::size_t out = spans_.capacity() * sizeof(Span);
    for (const Span& span : spans_)
      out += (span.meta.capacity() + span.meta_struct.capacity()) * sizeof(Texts::value_type)
             + span.metrics.capacity() * sizeof(Numbers::value_type) + span.links.capacity() * sizeof(SpanLink)
             + span.events.capacity() * sizeof(SpanEvent);
    return out;
  }

  std::optional<std::int32_t> priority;  // of sampling; none: nobody decided
  std::string_view origin;
  Texts tags;
  bool dropped_trace = false;
  Arena arena;  // of the texts that trades made; they die with clear

 private:
  std::vector<Span> spans_;  // the first size_ are in use
  std::size_t size_ = 0;
};

}  // namespace traces
