#include "net/proxy_tunnel.hpp"

#include <string_view>

#include "base/text.hpp"

namespace agent {
namespace {

// RFC 4648 4.
std::string base64(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::size_t count = text.size() - i < 3 ? text.size() - i : 3;
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j) bits = bits << 8 | (j < count ? static_cast<unsigned char>(text[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j) out += j <= count ? kLetters[bits >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

// "host:port", always with the port.
std::string authority(const Url& url) {
  const std::string origin = url.origin();
  return origin.substr(origin.find("://") + 3);
}

}  // namespace

std::string connect_request(const Url& peer, const Url& proxy) {
  const std::string target = authority(peer);
  std::string request = cat("CONNECT ", target, " HTTP/1.1\r\nHost: ", target, "\r\n");
  if (!proxy.user_info.empty()) request += cat("Proxy-Authorization: Basic ", base64(proxy.user_info), "\r\n");
  request += "\r\n";
  return request;
}

Status judge_connect(const Url& peer, const Url& proxy, HttpAnswer& answer) {
  const bool surplus = answer.surplus();
  const unsigned status = answer.take().status;
  const std::string about = cat("proxy ", authority(proxy), ": ");
  if (status / 100 == 2 && surplus)
    return Error{ErrorCode::kProtocol, cat(about, "it says more than that the way is free")};
  if (status / 100 == 2) return {};
  const std::string refused = cat(about, "it does not let us through to ", authority(peer), ": status ", status);
  if (status == 407)
    return Error{
        ErrorCode::kDenied,
        cat(refused, proxy.user_info.empty() ? ", it wants a user and a password (http://USER:PASSWORD@HOST:PORT)"
                                             : ", it does not take the user and the password")};
  if (status == 401 || status == 403) return Error{ErrorCode::kDenied, refused};
  return Error{ErrorCode::kRefused, refused};
}

}  // namespace agent
