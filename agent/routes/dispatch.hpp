// Dispatch: which route answers a request on one address. Host routes and those that plugins asked for look the same.
//
// An unknown path is 404 with an empty body, a known one with another method 405. One Dispatch per address; net's
// server calls it. It holds no route's logic.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.hpp"

namespace agent {

struct Route {
  std::string owner;    // "host", or the plugin's id: for messages
  std::string methods;  // "GET", "POST|PUT"; GET includes HEAD
  std::string path;     // "/lambda/hello"; may end in '*'
  BodyPolicy body;
  std::function<void(const HttpRequest&, HttpReply&)> answer;
};

class Dispatch : public HttpService {
 public:
  // The route that already has one of these methods on this path; nullptr when there is none.
  const Route* taken(std::string_view methods, std::string_view path) const;
  void add(Route route) { routes_.push_back(std::move(route)); }

  BodyPolicy body_policy(std::string_view method, std::string_view path) override;
  void serve(const HttpRequest& request, HttpReply& reply) override;

 private:
  // The best match: an exact path before the longest prefix. `wrong_method`: the path is known, the method is not.
  const Route* find(std::string_view method, std::string_view path, const Route** wrong_method) const;

  std::vector<Route> routes_;
};

}  // namespace agent
