// What is said to a proxy before it lets bytes through to an https peer (RFC 9110 9.3.6), and what its answer means.
//
// Pure: text in, text or Status out. The user part of the proxy's URL goes into the request and nowhere else. Called by
// HttpConnection.
#pragma once

#include <string>

#include "base/result.hpp"
#include "net/http_answer.hpp"
#include "net/http_client.hpp"

namespace agent {

std::string connect_request(const Url& peer, const Url& proxy);
// kDenied: the proxy wants a user, or forbids the peer. kRefused: it has not reached it.
Status judge_connect(const Url& peer, const Url& proxy, HttpAnswer& answer);

}  // namespace agent
