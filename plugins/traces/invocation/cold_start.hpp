// The span of the sandbox's start: aws.lambda.cold_start, or where a snapshot was restored,
// aws.lambda.snapstart_restore.
//
// The platform tells of the start without a request id; it belongs to the sandbox, and goes with the first invocation,
// once. A library that makes aws.lambda itself (Node.js, Python) sends aws.lambda.load, which then becomes its child.
// Written by executions. Plain values.
#pragma once

#include <cstdint>
#include <string_view>

#include "sls/views.hpp"
#include "span.hpp"

namespace traces::invocation {

struct ColdStart {
  std::int64_t init_start_ns = 0, init_duration_ns = -1;  // -1: not told yet
  std::int64_t restore_start_ns = 0, restore_duration_ns = -1;
  std::uint64_t span_id = 0;  // 0: nobody has asked for it
  std::uint64_t trace_id = 0, parent_id = 0;
  bool sent = false;

  // Of init and restore records, when they began and how long they took.
  void take(const sls::Record& record);
  bool restored() const { return restore_start_ns != 0; }
  // Whether start and length are known.
  bool told() const { return restored() ? restore_duration_ns >= 0 : init_start_ns != 0 && init_duration_ns >= 0; }

  // The span in `chunk`, with the service and the resource of aws.lambda.
  void add_to(Chunk& chunk, std::string_view service, std::string_view resource) const;
};

}  // namespace traces::invocation
