// One HTTP answer read from bytes: the client's half of the protocol without its socket.
//
// The owner reads into room() and tells received(), until complete(). Interim answers (1xx) are skipped; a
// body is kept up to the limit, and what comes beyond is not wanted. Called by HttpConnection and its tests.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "net/http_client.hpp"

namespace agent {

class HttpAnswer {
 public:
  static constexpr std::size_t kHeaderBytesMax = 64 << 10;  // kProtocol
  static constexpr std::size_t kInterimMax = 16;            // kProtocol

  HttpAnswer();
  ~HttpAnswer();

  // A new answer is awaited. `without_body`: to HEAD, or of a CONNECT that succeeded.
  void begin(std::size_t body_bytes_max, bool without_body);
  std::span<char> room();
  Status received(std::size_t bytes);
  // The peer has closed: the end of a body of unknown length, kClosed elsewhere.
  Status ended();
  bool complete() const;
  // Something of the answer has come.
  bool begun() const;
  // The connection can carry another request.
  bool keep_alive() const;
  // Bytes that nobody asked for came behind it.
  bool surplus() const;
  ClientResponse take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace agent
