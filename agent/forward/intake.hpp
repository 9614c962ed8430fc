// Where a payload goes and whether the API key goes with it. Pure.
//
// A plugin's address has "{site}" left for the host, or was written by the operator. The key goes to the operator's
// addresses and to hosts under the configured site; an address that puts "{site}" elsewhere than at the end of its host
// ("https://{site}.example.com") gets none. Called by forward/forwarder.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "net/http_client.hpp"

namespace agent {

struct Address {
  Url url;
  bool key_allowed = false;
};

// "https://api.{site}" -> its URL. The error says what is wrong, never repeats a user part.
Result<Address> resolve_address(std::string_view text, std::string_view site);

// The base's path and query, and the payload's path behind it: "/base" + "/v1/input". Empty: not usable as a
// request target (blanks, control bytes).
std::string request_target(std::string_view base, std::string_view path);

// Whether the host (or host:port) is covered by an entry of no_proxy: "*", a host, a domain with or without its dot.
bool bypasses_proxy(const Url& url, std::span<const std::string> no_proxy);
// "http://proxy:3128", also without the scheme.
Result<Url> parse_proxy(std::string_view text);

// Whether the text may stand in a header value (a key); and whether the name and value may stand as a header of a
// payload, beside those that the host sets itself.
bool is_header_value(std::string_view text);
bool is_own_header(std::string_view name, std::string_view value, bool with_key);

}  // namespace agent
