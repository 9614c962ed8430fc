// The proxied products: requests that wait, as they came, for the next flush.
//
// A request is copied, acknowledged at once, and later handed out whole: its query and headers stay but those of the
// connection, the keys, and the tags that are this agent's to tell. It refuses to look into a body and to know a key;
// what the intake answers reaches nobody, because the client is long gone. What waits is bounded in bytes: a request
// for which there is no room is dropped and counted. The unit of the ledger is a request.
//
// Called by the door, with a row of in/proxied_routes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "in/proxied_routes.hpp"
#include "sls/answers.hpp"

namespace traces {

// Bodies, headers and what they cost beside; the largest body fits.
inline constexpr std::size_t kProxiedBytesWaitingMax = 26 << 20;
// Further subdomains are refused: each costs the host a connection.
inline constexpr std::size_t kSubdomainsMax = 16;

class Proxied {
 public:
  enum class Took : std::uint8_t { kAll, kNoRoom, kRefused };

  // `traces_url`: where traces go, and the products that follow them. `findings` gets a sentence for each setting that
  // is not usable.
  Proxied(const sls::Sandbox& sandbox, std::string_view traces_url, std::vector<std::string>& findings);
  Proxied(const Proxied&) = delete;
  Proxied& operator=(const Proxied&) = delete;

  void on_function(std::string_view name);
  // `answer`: the words for the client, until the next call.
  Took take(const ProxiedRoute& route, const sls::Request& request, std::string_view& answer);
  // False: nothing waits. What the payload points at lives until the next call.
  bool next(sls::Payload& payload);

  std::uint64_t received() const { return received_; }
  std::uint64_t pending_items() const { return waiting_.size(); }
  std::uint64_t pending_bytes() const { return waiting_bytes_; }

 private:
  struct Waiting {
    std::string_view url;         // of a route, overrides_ or subdomains_
    std::string_view evp_origin;  // of the route
    std::string method, target, content_type, body;
    std::vector<std::pair<std::string, std::string>> headers;
    bool needs_app_key = false;
  };
  static std::size_t size_of(const Waiting& request);
  // Empty: the request is to be refused with `why`.
  std::string_view url_of(const ProxiedRoute& route, const sls::Request& request, std::string_view& why);
  std::string target_of(const ProxiedRoute& route, const sls::Request& request) const;
  const std::string& override_of(const ProxiedRoute& route) const {
    return overrides_[static_cast<std::size_t>(route.override)];
  }

  std::array<std::string, static_cast<std::size_t>(ProxiedRoute::Override::kCount)> overrides_;
  std::deque<std::string> subdomains_;  // as "https://NAME.{site}"
  std::string tags_, answer_;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t received_ = 0;
  // Handed out to the host.
  Waiting handed_out_;
  std::vector<sls_pair> headers_;
  sls_part part_{};
};

}  // namespace traces
