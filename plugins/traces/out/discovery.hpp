// The document behind `/info`: what this agent does for a tracer. It names nothing that is not there.
//
// Made once from the table of routes and the options; the door answers with it and with its hash, by which tracers see
// that it changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace traces {

struct Offer {
  std::string_view version, default_env, receiver_socket;
  std::uint32_t receiver_port = 0, statsd_port = 0;
  std::uint64_t request_bytes_max = 0;
  bool client_drop_p0s = false;  // whether tracers may keep back what nobody will look at but in statistics
};

std::string discovery_document(const Offer& offer);
// 64 hex digits.
std::string discovery_state(std::string_view document);

}  // namespace traces
