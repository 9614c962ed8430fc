// Tells what triggered an invocation by its event: one pass over the event, then the first row of trigger_rows.hpp that
// recognises it.
//
//   recogniser.recognise(body, around, facts, carriers);   // facts: to be kept; carriers: to be read now
//   … extract the caller's context from carriers …
//   recogniser.release(carriers);
//
// Whatever the bytes are, it answers: what is no JSON object has no trigger and no carriers. It refuses to know ids,
// clocks and contexts. One per plugin; its memory is used again.
#pragma once

#include <span>
#include <string_view>

#include "carriers.hpp"
#include "event.hpp"
#include "trigger.hpp"
#include "trigger_facts.hpp"

namespace traces::invocation {

inline constexpr std::size_t kEventBytesMax = 6 << 20;  // what Lambda hands over at most; a larger one counts as empty

// The rows of trigger_rows.hpp.
std::span<const Trigger* const> trigger_rows();

class Recogniser {
 public:
  explicit Recogniser(std::span<const Trigger* const> rows = trigger_rows()) : rows_(rows) {}

  // `facts` are new ones. `carriers` are overwritten; they are views into `event`.
  void recognise(std::string_view event, const Surroundings& around, TriggerFacts& facts, Carriers& carriers);
  // Gives back what a large event needed.
  void release(Carriers& carriers);

 private:
  std::span<const Trigger* const> rows_;
  Event event_, inner_[2];
};

}  // namespace traces::invocation
