#include "net/http_answer.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "net/input_buffer.hpp"

namespace agent {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr std::size_t kChunkedRestMin = 5;  // as in http_exchange: the parser is not asked with less
constexpr std::size_t kFirstBytes = 4096;
constexpr std::size_t kReadBytes = 64 << 10;    // at once, of a body
constexpr std::size_t kKeptBytes = 64 << 10;    // memory that a connection keeps between answers
constexpr std::size_t kTrustedBytes = 1 << 20;  // a claimed length is believed up to this

class AnswerParser final : public http::basic_parser<false> {
 public:
  AnswerParser(ClientResponse& response, std::size_t body_bytes_max) : response_(response), room_(body_bytes_max) {
    header_limit(HttpAnswer::kHeaderBytesMax);
    body_limit(boost::none);
  }

  bool full() const { return full_; }
  bool unknown_coding() const { return unknown_coding_; }

 private:
  void on_request_impl(http::verb, boost::beast::string_view, boost::beast::string_view, int, error_code&) override {}
  void on_response_impl(int status, boost::beast::string_view, int, error_code&) override {
    response_.status = static_cast<unsigned>(status);
  }
  void on_field_impl(http::field field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code&) override {
    if (is_header_done()) return;  // a trailer
    if (field == http::field::transfer_encoding) unknown_coding_ = !boost::beast::iequals(value, "chunked");
    response_.headers.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (!length) return;
    const std::uint64_t expected = std::min<std::uint64_t>({*length, room_, kTrustedBytes});
    response_.body.reserve(static_cast<std::size_t>(expected));
  }
  std::size_t on_body_impl(boost::beast::string_view piece, error_code& error) override { return keep(piece, error); }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view piece, error_code& error) override {
    return keep(piece, error);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t keep(boost::beast::string_view piece, error_code& error) {
    const std::size_t kept = std::min(piece.size(), room_);
    response_.body.append(piece.data(), kept);
    room_ -= kept;
    if (kept < piece.size()) {
      full_ = true;
      error = http::error::body_limit;
    }
    return kept;
  }

  ClientResponse& response_;
  std::size_t room_;
  bool full_ = false;
  bool unknown_coding_ = false;
};

}  // namespace

struct HttpAnswer::State {
  Status advance();
  void start();

  InputBuffer input;
  std::optional<AnswerParser> parser;
  ClientResponse response;
  std::size_t body_bytes_max = 0;
  std::size_t interim = 0;
  std::size_t header_bytes = 0;
  bool without_body = false;
  bool complete = false;
  bool keep_alive = false;
};

void HttpAnswer::State::start() {
  response = {};
  header_bytes = 0;
  parser.emplace(response, body_bytes_max);
  parser->skip(without_body);
}

Status HttpAnswer::State::advance() {
  while (!complete && input.size() > 0) {
    error_code error;
    const bool in_header = !parser->is_header_done();
    if (!in_header && parser->chunked() && input.size() < kChunkedRestMin && *input.data() == '0') break;
    const std::size_t used = parser->put({input.data(), input.size()}, error);
    input.cut(0, used);
    if (in_header) header_bytes += used;
    if (parser->full()) {
      complete = true;
      break;
    }
    if (error == http::error::header_limit || header_bytes > kHeaderBytesMax)
      return Error{ErrorCode::kProtocol, "the answer's header is too large"};
    if (error && error != http::error::need_more)
      return Error{ErrorCode::kProtocol, cat("the answer is not HTTP: ", error.message())};
    if (parser->is_header_done() && parser->unknown_coding())
      return Error{ErrorCode::kProtocol, "the answer has an unknown transfer coding"};
    if (parser->is_done()) {
      const unsigned status = response.status;
      if (status >= 100 && status < 200 && status != 101) {
        if (++interim > kInterimMax) return Error{ErrorCode::kProtocol, "too many interim answers"};
        start();
        continue;
      }
      complete = true;
      // Bytes that nobody asked for: the connection cannot be trusted with another request.
      keep_alive = parser->keep_alive() && input.size() == 0;
    }
    if (error == http::error::need_more) {
      if (input.size() > kHeaderBytesMax) return Error{ErrorCode::kProtocol, "a line of the answer does not end"};
      break;
    }
  }
  return {};
}

HttpAnswer::HttpAnswer() : state_(std::make_unique<State>()) {}
HttpAnswer::~HttpAnswer() = default;

void HttpAnswer::begin(std::size_t body_bytes_max, bool without_body) {
  State& s = *state_;
  s.input.clear(kKeptBytes);
  s.body_bytes_max = body_bytes_max;
  s.without_body = without_body;
  s.interim = 0;
  s.complete = s.keep_alive = false;
  s.start();
}

std::span<char> HttpAnswer::room() {
  State& s = *state_;
  const bool body = s.parser && s.parser->is_header_done() && s.response.body.capacity() > kFirstBytes;
  if (body && s.input.size() == 0) s.input.reserve(kReadBytes);
  if (s.input.size() == s.input.capacity()) s.input.reserve(std::max(kFirstBytes, s.input.size() * 2));
  return s.input.room();
}

Status HttpAnswer::received(std::size_t bytes) {
  state_->input.filled(bytes);
  return state_->advance();
}

Status HttpAnswer::ended() {
  State& s = *state_;
  if (!begun()) return Error{ErrorCode::kClosed, "the peer closed the connection before it answered"};
  error_code error;
  if (s.parser->got_some()) s.parser->put_eof(error);
  if (error || !s.parser->is_done())
    return Error{ErrorCode::kClosed, "the peer closed the connection in the middle of its answer"};
  s.complete = true;
  s.keep_alive = false;
  return {};
}

bool HttpAnswer::complete() const { return state_->complete; }
bool HttpAnswer::begun() const { return state_->interim > 0 || state_->parser->got_some(); }
bool HttpAnswer::keep_alive() const { return state_->keep_alive; }
bool HttpAnswer::surplus() const { return state_->input.size() > 0; }
ClientResponse HttpAnswer::take() { return std::move(state_->response); }

}  // namespace agent
