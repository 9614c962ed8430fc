#include "lab/http_reader.hpp"

#include <charconv>

namespace lab {
namespace {

constexpr std::size_t kHeadBytesMax = 1 << 20;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool HttpReader::more() {
  char bytes[65536];
  const long got = socket_.receive(bytes, sizeof bytes, timeout_ms_);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::optional<HttpReader::Head> HttpReader::head() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (buffer_.size() > kHeadBytesMax || !more()) return std::nullopt;
  Head head;
  const std::string_view text = std::string_view(buffer_).substr(0, end + 2);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = text.find("\r\n", at);
    const std::string_view row = text.substr(at, stop - at);
    const std::size_t colon = row.find(':');
    if (at == 0)
      head.first_line = row;
    else if (colon != std::string_view::npos)
      head.headers.emplace_back(trimmed(row.substr(0, colon)), trimmed(row.substr(colon + 1)));
    at = stop + 2;
  }
  buffer_.erase(0, end + 4);
  return head;
}

bool HttpReader::take(std::size_t size, std::string& out) {
  while (buffer_.size() < size)
    if (!more()) return false;
  out.append(buffer_, 0, size);
  buffer_.erase(0, size);
  return true;
}

bool HttpReader::line(std::string& out) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos)
    if (buffer_.size() > kHeadBytesMax || !more()) return false;
  out.assign(buffer_, 0, end);
  buffer_.erase(0, end + 2);
  return true;
}

bool HttpReader::body(const Headers& headers, std::string& out, bool until_close) {
  if (header_of(headers, "transfer-encoding").find("chunked") != std::string_view::npos) {
    for (std::string row;;) {
      if (!line(row)) return false;
      std::size_t size = 0;
      if (std::from_chars(row.data(), row.data() + row.size(), size, 16).ec != std::errc()) return false;
      if (!take(size, out) || !line(row)) return false;
      if (size == 0) return true;
    }
  }
  const std::string_view length = header_of(headers, "content-length");
  if (length.empty() && until_close) {
    while (more()) {
    }
    out.swap(buffer_);
    return true;
  }
  std::size_t size = 0;
  if (!length.empty() && std::from_chars(length.data(), length.data() + length.size(), size).ec != std::errc())
    return false;
  return take(size, out);
}

}  // namespace lab
