// What an invocation's event says about who called the function: tags of aws.lambda, the spans of the service in front
// of it, and pointers to the things that it is about. Kept per request id until the spans are sent; owns its texts.
//
// Filled by recognise() (recogniser.hpp), completed to spans by inferred_span.cpp. It holds nothing of the event's
// bytes, no ids and no time but those that the event names.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kept_texts.hpp"
#include "span.hpp"

namespace traces::invocation {

// A span before it has ids and an end.
struct InferredSpan {
  std::string_view name, type, resource, service;
  std::int64_t start = 0;  // ns, wall clock
  bool async = true;       // the caller did not wait: it ends where the function begins
  Texts meta;
};

// Names something in the store that the event is about, so that traces of writers and readers meet.
struct SpanPointer {
  std::string_view kind;
  std::array<char, 32> hash;  // hex digits
};

struct TriggerFacts {
  std::string_view trigger;         // the name of its row; empty: of an unknown kind
  Texts tags;                       // of aws.lambda, function_trigger.event_source and its ARN among them
  std::vector<InferredSpan> spans;  // the one next to aws.lambda first, then the one around it
  std::vector<SpanPointer> pointers;
  KeptTexts texts;

  std::string_view tag(std::string_view key) const {
    for (const auto& [name, value] : tags)
      if (name == key) return value;
    return {};
  }
  // Replaces or appends. `key` outlives the facts, `value` is copied.
  void set(Texts& where, std::string_view key, std::string_view value) {
    const std::string_view kept = texts.keep(value);
    for (auto& entry : where)
      if (entry.first == key) return void(entry.second = kept);
    where.emplace_back(key, kept);
  }
};

}  // namespace traces::invocation
