#include "net/resolve.hpp"

#include <netdb.h>

#include <cstring>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "net/address.hpp"
#include "net/offload.hpp"

namespace agent {
namespace {

using Addresses = std::vector<boost::asio::ip::address>;

struct Lookup {
  explicit Lookup(std::string name) : host(std::move(name)) {}
  void run();

  std::string host;
  Addresses addresses;
  int failure = 0;
};

boost::asio::ip::address to_address(const sockaddr& from) {
  if (from.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &from, sizeof v4);
    return boost::asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  sockaddr_in6 v6;
  std::memcpy(&v6, &from, sizeof v6);
  boost::asio::ip::address_v6::bytes_type bytes;
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return boost::asio::ip::address_v6(bytes, v6.sin6_scope_id);
}

void Lookup::run() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  for (const addrinfo* each = found; each; each = each->ai_next)
    if (each->ai_family == AF_INET || each->ai_family == AF_INET6) addresses.push_back(to_address(*each->ai_addr));
  if (found) ::freeaddrinfo(found);
}

}  // namespace

Task<Result<Addresses>> resolve(Loop& loop, std::string host, Steady deadline) {
  if (const auto number = numeric_address(host)) co_return Addresses(1, *number);
  const auto lookup = std::make_shared<Lookup>(host);
  std::function<void()> job = [lookup] { lookup->run(); };
  const Detached outcome = co_await run_detached(loop, std::move(job), deadline);
  if (outcome == Detached::kFull)
    co_return Error{ErrorCode::kFull, cat("the address of ", host, ": too many lookups hang already")};
  if (outcome == Detached::kLate) co_return Error{ErrorCode::kTimeout, cat("no address of ", host, " in time")};
  if (!lookup->addresses.empty()) co_return std::move(lookup->addresses);
  const char* why = lookup->failure == 0 ? "it has none" : ::gai_strerror(lookup->failure);
  co_return Error{ErrorCode::kNotFound, cat("the address of ", host, ": ", std::string_view(why))};
}

}  // namespace agent
