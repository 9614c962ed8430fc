// From what an event told to spans: ids, ends, and what they take over from aws.lambda, once that is known.
//
// Called once per invocation, when its chunk is made. It draws no ids and reads no clock: both are given.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "span.hpp"
#include "trigger_facts.hpp"

namespace traces::invocation {

// What the spans above aws.lambda take over.
struct Completion {
  std::uint64_t span_ids[2] = {};     // of the span next to aws.lambda, and of the one around it
  std::uint64_t upstream_id = 0;      // the caller's span, 0: none
  std::string_view http_status;       // http.status_code of the response; empty: none
  const Texts* propagated = nullptr;  // tags of the caller's context
};

// Appends the spans of `facts` to `chunk`, in which aws.lambda stands at `lambda`, and makes them its parents. Without
// spans, the caller's is. Texts are copied into the chunk. Returns the index of the chunk's root: the outermost of
// them, else aws.lambda.
std::size_t add_inferred_spans(Chunk& chunk, std::size_t lambda, const TriggerFacts& facts,
                               const Completion& completion);

}  // namespace traces::invocation
