// What statistics are told apart by, as a value and as bytes that a table can be asked for.
//
// It refuses to count. Made from a span by stats, read back by the stats payload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "span.hpp"

namespace traces {

inline constexpr std::string_view kBlockedValue = "tracer_blocked_value";  // of a group that took what had no room

struct StatsKey {
  std::string_view service, name, resource, type, span_kind, http_method, http_endpoint, service_source, grpc_status;
  std::uint32_t http_status = 0;
  std::uint8_t origin = 0;      // which of the origins of stats
  std::uint8_t trace_root = 0;  // 1: yes, 2: no, 0: not known
  bool synthetics = false;
  std::vector<std::string_view> peer_tags;
};

// All of it but origin and peer tags. `grpc_text` holds the number of the gRPC status.
void read_key(const Span& span, StatsKey& out, std::string& grpc_text);
// Appends.
void encode(const StatsKey& key, std::string& out);
// Views into `bytes`, which encode has made.
StatsKey decode_key(std::string_view bytes);

// Decimal text; empty: none.
std::string grpc_status(const Span& span);

}  // namespace traces
