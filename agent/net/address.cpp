#include "net/address.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "base/text.hpp"

namespace agent {

Result<HostPort> split_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  HostPort parts;
  if (colon != std::string_view::npos) {
    parts.host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parts.port);
    if (error == std::errc() && end == digits.data() + digits.size()) {
      const bool bracketed = parts.host.size() > 2 && parts.host.front() == '[' && parts.host.back() == ']';
      if (bracketed) parts.host = parts.host.substr(1, parts.host.size() - 2);
      if (bracketed || (!parts.host.empty() && parts.host.find(':') == std::string_view::npos)) return parts;
    }
  }
  return Error{ErrorCode::kInvalid, cat("address \"", text, "\": wanted HOST:PORT, as 127.0.0.1:8124 or [::1]:8124")};
}

std::optional<boost::asio::ip::address> numeric_address(std::string_view host) {
  if (iequals(host, "localhost")) return boost::asio::ip::address_v4::loopback();
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(host).c_str(), error);
  if (error) return std::nullopt;
  return address;
}

std::string address_text(const boost::asio::ip::address& address, std::uint16_t port) {
  return address.is_v6() ? cat("[", address.to_string(), "]:", port) : cat(address.to_string(), ":", port);
}

}  // namespace agent
