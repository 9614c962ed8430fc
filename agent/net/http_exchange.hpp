// One connection of an HTTP server without its socket: bytes in, the service's answers out.
//
// The owner reads into room(), tells received(), and does what the returned step says. Small requests are
// served where they lie in the buffer; a claimed length is believed up to kTrustedBytes, beyond that memory
// grows with what came. Called by HttpServer, the tests and the fuzzer; owns no clock: the owner says
// expired().
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "net/http_server.hpp"

namespace agent {

class HttpExchange {
 public:
  enum class Step {
    kRead,   // more bytes are needed
    kWrite,  // output() has to be written, then sent() asks for the next step
    kClose,  // all was said; linger() tells whether the peer may still be sending
  };

  static constexpr std::size_t kTrustedBytes = 1 << 20;

  explicit HttpExchange(HttpService& service);
  ~HttpExchange();
  HttpExchange(HttpExchange&&) noexcept;

  // Never empty. Valid until the next call.
  std::span<char> room();
  Step received(std::size_t bytes);
  Step sent();
  // The request took too long: 408 where a part of one is here.
  Step expired();
  // The next answer is the last one.
  void close_after_answer();

  struct Output {
    std::string_view head, body;
  };
  Output output() const;
  // Between two requests, and nothing of the next one is here.
  bool idle() const;
  // The answer was given before the request was read to its end: closing at once would destroy it on its way.
  bool linger() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace agent
