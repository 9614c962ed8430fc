// Addresses in the value of a peer tag become one word, so that statistics have no group per address.
//
// The value may be a list with commas, elements may have a scheme, a port or the rest of a host's name; loopback and
// the platform's metadata addresses stay. What is no address stays as it is. Called by peer_tags.
#pragma once

#include <string>
#include <string_view>

namespace traces {

// Appends to `out`; equal elements are written once.
void quantise_peer_address(std::string_view value, std::string& out);

}  // namespace traces
