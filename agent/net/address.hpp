// "127.0.0.1:8124" as Asio's endpoint. Numbers and "localhost" only: what waits for a name server is
// net/resolve.
//
// Used inside this room by the servers and by the client.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agent {

struct HostPort {
  std::string_view host;  // without brackets
  std::uint16_t port = 0;
};

// "host:port", "[::1]:80".
Result<HostPort> split_host_port(std::string_view text);
// The address of "127.0.0.1", "::1", "localhost"; none for other names.
std::optional<boost::asio::ip::address> numeric_address(std::string_view host);
// "127.0.0.1:80", "[::1]:80"
std::string address_text(const boost::asio::ip::address& address, std::uint16_t port);

}  // namespace agent
