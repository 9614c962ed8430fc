// A service that keeps what it was asked and answers "METHOD path?query body".
#pragma once

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "net/http_server.hpp"

namespace agent {

class RecordingService : public HttpService {
 public:
  struct Seen {
    std::string method, path, query, body;
    std::vector<std::pair<std::string, std::string>> headers;
    bool body_too_large = false;
  };

  BodyPolicy policy{1 << 20, BodyPolicy::OnExcess::kRefuse};
  std::vector<Seen> seen;
  std::function<void(const HttpRequest&, HttpReply&)> on_serve;  // instead of the answer above
  unsigned char behind_bodies = 0;                               // all bytes behind bodies, or-ed: they were read

  BodyPolicy body_policy(std::string_view, std::string_view path) override {
    if (path == "/unknown") return {0, BodyPolicy::OnExcess::kTakeWithoutBody};
    return policy;
  }
  void serve(const HttpRequest& request, HttpReply& reply) override {
    Seen entry{std::string(request.method),
               std::string(request.path),
               std::string(request.query),
               std::string(request.body),
               {},
               request.body_too_large};
    for (const sls_pair& pair : request.headers)
      entry.headers.emplace_back(std::string(pair.key.data, pair.key.len),
                                 std::string(pair.value.data, pair.value.len));
    char block[64];
    std::memcpy(block, request.body.data() + request.body.size(), sizeof block);
    for (const char c : block) behind_bodies |= static_cast<unsigned char>(c);
    seen.push_back(std::move(entry));
    if (on_serve) return on_serve(request, reply);
    reply.body = std::string(request.method) + " " + std::string(request.path) + "?" + std::string(request.query) + " "
                 + std::string(request.body);
  }
};

}  // namespace agent
