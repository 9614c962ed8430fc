#include "net/http_reply.hpp"

#include <algorithm>
#include <charconv>

namespace agent {
namespace {

std::string_view reason(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    default: return {};  // may be empty (RFC 9112 4)
  }
}

void append(std::string& out, std::size_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

bool breaks_lines(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (name.empty() || breaks_lines(name) || breaks_lines(value)) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool sends_body(unsigned status) { return status != 204 && status != 304; }

void write_head(std::string& out, const HttpReply& reply, ReplyForm form) {
  const unsigned status = reply.status >= 200 && reply.status <= 999 ? reply.status : 500;
  out.assign("HTTP/1.1 ");
  append(out, status);
  out.append(" ").append(reason(status)).append("\r\n");
  if (sends_body(status)) {
    if (!reply.content_type.empty()) append_field(out, "Content-Type", reply.content_type);
    out.append("Content-Length: ");
    append(out, reply.body.size());
    out.append("\r\n");
  }
  for (const auto& [name, value] : reply.headers) append_field(out, name, value);
  if (form.last) out.append("Connection: close\r\n");
  if (!form.last && form.version < 11) out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
}

void reset(HttpReply& reply, std::size_t bytes_kept_max) {
  reply.status = 200;
  reply.content_type = "text/plain; charset=utf-8";
  reply.headers.clear();
  reply.body.clear();
  if (reply.body.capacity() > bytes_kept_max) reply.body.shrink_to_fit();
}

}  // namespace agent
