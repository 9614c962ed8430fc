// What waits at SHUTDOWN as bytes for the next start in the same sandbox: the format and what is believed of it. Pure.
//
// A number that names the format, the length, a checksum, then who wrote it and one entry per body. An entry says what
// to send and to which of a plugin's intakes, never a host and never a key: both come from the settings of whoever
// reads it. A payload with an address of its own is kept only where "{site}" stands in it, since the key goes there.
// Whatever is not as it was written is refused as a whole. Called by forward/forwarder; forward/spool_file does the
// I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "forward/payload.hpp"

namespace agent {

struct SpoolEntry {
  std::string plugin;  // its id
  std::uint32_t intake = 0, endpoint = 0;
  std::string origin;  // that the endpoint had; where it has another now, the entry is not sent there
  std::string url;     // the payload's own address, with "{site}"; empty: the intake's
  std::string target, method, content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  Packing packing;
  std::uint32_t auth = 0;          // SLS_AUTH_*
  bool maybe_taken = false;        // the intake may have it already
  std::uint32_t own_failures = 0;  // as of a shipment
  Wall since{};                    // when it was accepted
  std::shared_ptr<const Body> body;
};

// Whether an entry may be written to a file: no header, address or target of it carries a credential.
bool may_be_spooled(const SpoolEntry& entry);
// What it takes in the file.
std::size_t spooled_bytes(const SpoolEntry& entry);

std::string encode_spool(std::string_view writer, const std::vector<SpoolEntry>& entries);
// `writer`: the one that is believed. The error's text is one word for a counter: "foreign", "truncated", "broken".
Result<std::vector<SpoolEntry>> decode_spool(std::string_view writer, std::string_view bytes);

}  // namespace agent
