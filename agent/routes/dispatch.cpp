#include "routes/dispatch.hpp"

#include "base/limits.hpp"

namespace agent {
namespace {

// Calls `visit` with each of "POST|PUT" until it says true.
template <class Visit>
bool any_method(std::string_view methods, Visit visit) {
  while (!methods.empty()) {
    const auto bar = methods.find('|');
    if (visit(methods.substr(0, bar))) return true;
    methods.remove_prefix(bar == std::string_view::npos ? methods.size() : bar + 1);
  }
  return false;
}

bool allows(const Route& route, std::string_view method) {
  return any_method(route.methods,
                    [&](std::string_view known) { return known == method || (known == "GET" && method == "HEAD"); });
}

// How much of the path the route names: npos for all of it, 0 for no match, else the length of its prefix.
std::size_t match_length(const Route& route, std::string_view path) {
  if (route.path == path) return std::string_view::npos;
  if (route.path.empty() || route.path.back() != '*') return 0;
  const std::string_view prefix(route.path.data(), route.path.size() - 1);
  return path.substr(0, prefix.size()) == prefix ? prefix.size() : 0;
}

}  // namespace

const Route* Dispatch::taken(std::string_view methods, std::string_view path) const {
  for (const Route& route : routes_)
    if (route.path == path && any_method(methods, [&](std::string_view method) { return allows(route, method); }))
      return &route;
  return nullptr;
}

const Route* Dispatch::find(std::string_view method, std::string_view path, const Route** wrong_method) const {
  const Route* best = nullptr;
  std::size_t best_length = 0;
  for (const Route& route : routes_) {
    const std::size_t length = match_length(route, path);
    if (length == 0) continue;
    if (!allows(route, method)) {
      *wrong_method = &route;
    } else if (length > best_length) {
      best = &route;
      best_length = length;
    }
  }
  return best;
}

BodyPolicy Dispatch::body_policy(std::string_view method, std::string_view path) {
  const Route* wrong_method = nullptr;
  if (const Route* route = find(method, path, &wrong_method)) return route->body;
  return {0, BodyPolicy::OnExcess::kTakeWithoutBody};
}

void Dispatch::serve(const HttpRequest& request, HttpReply& reply) {
  const Route* wrong_method = nullptr;
  if (const Route* route = find(request.method, request.path, &wrong_method)) return route->answer(request, reply);
  reply.content_type = {};
  reply.status = wrong_method ? 405 : 404;
  if (!wrong_method) return;
  std::string allowed;
  any_method(wrong_method->methods, [&](std::string_view method) {
    allowed += allowed.empty() ? "" : ", ";
    allowed += method;
    return false;
  });
  reply.headers.emplace_back("Allow", std::move(allowed));
}

}  // namespace agent
