// How an HttpReply looks on the wire: status line and header fields.
//
// Called by HttpExchange. What a reply may not contain (a header with a line end in it) is left out, so that
// nothing that a plugin says can become a second answer.
#pragma once

#include <string>

#include "net/http_server.hpp"

namespace agent {

struct ReplyForm {
  int version = 11;  // of the request
  bool last = false;
  bool head_only = false;
};

// Writes everything up to the body into `out`.
void write_head(std::string& out, const HttpReply& reply, ReplyForm form);
// 204 and 304 have none.
bool sends_body(unsigned status);
// As new, but with its memory where that is at most `bytes_kept_max`.
void reset(HttpReply& reply, std::size_t bytes_kept_max);

}  // namespace agent
