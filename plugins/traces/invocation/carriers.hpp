// Where an event carries the context of its caller's trace: texts by name, in the order in which they are tried.
//
// Views into the event and into texts of their own: to be read before the event's bytes go and before the next
// recognise(). It refuses to know what a context is; that is propagation's. A value that is no text costs itself, not
// its neighbours; a number counts as its text.
//
// Filled by the rows of triggers/ and by recogniser.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "arena.hpp"
#include "event.hpp"
#include "span.hpp"

namespace traces::invocation {

inline constexpr std::size_t kCarrierEntriesMax = 256;
inline constexpr std::size_t kCarriedBytesMax = 8 << 10;  // of a value; a longer one is not carried

class Carrier {
 public:
  // Letters of the name compare without case; the last of equal names; null: not there.
  const std::string_view* find(std::string_view name) const;
  bool empty() const { return entries_.empty(); }
  const Texts& entries() const { return entries_; }

  void put(std::string_view name, std::string_view value) {
    if (entries_.size() < kCarrierEntriesMax && value.size() <= kCarriedBytesMax) entries_.emplace_back(name, value);
  }
  void clear() { entries_.clear(); }

 private:
  Texts entries_;
};

// What a state machine names its execution by; trace ids are made of it.
struct StateMachineIds {
  bool found = false;
  std::string_view execution_id, root_execution_id, state_name, entered_time;
  std::uint32_t retry_count = 0, redrive_count = 0;
  bool function_is_root = false;    // a traced function started the state machine:
  std::string_view trace_id, tags;  // its x-datadog-trace-id and x-datadog-tags
};

struct Carriers {
  Carrier trigger;                    // 1: the one that the kind of trigger has
  StateMachineIds state_machine;      // 2: ids are made of it
  std::string_view aws_trace_header;  // 2: SQS's, of X-Ray's form
  Carrier request_headers;            // 3: event.request.headers
  Carrier headers;                    // 4: event.headers; empty where they are the trigger's
  Arena texts;                        // what was decoded for them

  void clear() {
    trigger.clear(), request_headers.clear(), headers.clear();
    state_machine = {};
    aws_trace_header = {};
    texts.clear();
  }
  std::string_view decoded_base64(std::string_view text);
};

// The texts and numbers of an object's members.
void put_texts(Carrier& carrier, Node object);
// Of an object of arrays the first element each.
void put_first_texts(Carrier& carrier, Node object);
// `headers`, or where it has none, multiValueHeaders.
void put_headers(Carrier& carrier, Node event);
// The members of the JSON object that `text` is; false: it is none.
bool put_json(Carrier& carrier, std::string_view text, Arena& texts);

}  // namespace traces::invocation
