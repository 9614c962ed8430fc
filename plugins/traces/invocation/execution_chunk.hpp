// From what is known of an invocation to its spans: aws.lambda, the spans of the service in front of it, the cold
// start.
//
// Called once per invocation by executions. It draws no ids and reads no clock. The chunk's root is its last span: the
// outermost inferred one, else aws.lambda.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cold_start.hpp"
#include "execution.hpp"

namespace traces::invocation {

// Of the function, for all its invocations.
struct ExecutedFunction {
  std::string service;   // of aws.lambda: DD_SERVICE, else the function's name, in small letters
  std::string name;      // of the function; the resource of aws.lambda
  bool managed = false;  // of a managed instance, whose invocations do not start it
  std::string runtime;   // java21; empty: nobody has said
};

struct ExecutionIds {
  std::uint64_t inferred[2] = {};  // the inferred span's, the wrapped one's
};

// `cold_start`: to go along, or null. Everything is copied into the chunk.
void make_chunk(const Execution& execution, const ExecutedFunction& function, const ExecutionIds& ids,
                const ColdStart* cold_start, Chunk& chunk);

}  // namespace traces::invocation
