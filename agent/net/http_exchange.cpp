#include "net/http_exchange.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "net/http_reply.hpp"
#include "net/input_buffer.hpp"

namespace agent {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

// "0" and two line ends: no end of a chunked body is shorter. Asked with less of it, the parser asserts what is not so
// where the first chunk is the last one.
constexpr std::size_t kChunkedRestMin = 5;
constexpr std::size_t kFirstBytes = 4096;     // enough for the header of nearly every request
constexpr std::size_t kKeptBytes = 64 << 10;  // memory that a connection keeps between requests
constexpr std::size_t kFieldsKept = 128;
constexpr std::size_t kDiscardBytes = 16 << 10;

// A text by its place in the request, since the buffer may move while the request comes in.
struct Place {
  std::size_t at = 0, length = 0;
};
struct Field {
  Place name, value;
};

// What Beast's parser finds, as places in the buffer; nothing is copied. A folded value (obsolete) lies
// outside of the buffer and is refused, as RFC 9112 5.2 allows.
class RequestParser final : public http::basic_parser<true> {
 public:
  RequestParser() { header_limit(limits::kHttpHeaderBytesMax + kFirstBytes); }

  void begin(std::vector<Field>& fields) {
    fields_ = &fields;
    fields.clear();
    body_limit(boost::none);
  }
  // Where the request begins and ends in memory during the next put().
  void at(const char* begin, const char* end) { begin_ = begin, end_ = end; }

  Place method, target;
  int version = 11;
  bool expects_continue = false;
  bool unknown_coding = false;
  bool keep_body = true;
  char* body_end = nullptr;  // where the next piece of a chunked body goes

 private:
  bool inside(boost::beast::string_view text) const { return text.data() >= begin_ && text.data() <= end_; }
  Place place(boost::beast::string_view text) const {
    if (text.empty()) return {};
    return {static_cast<std::size_t>(text.data() - begin_), text.size()};
  }

  void on_request_impl(http::verb, boost::beast::string_view name, boost::beast::string_view path, int number,
                       error_code&) override {
    method = place(name);
    target = place(path);
    version = number;
  }
  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_field_impl(http::field field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code& error) override {
    if (is_header_done()) return;  // a trailer
    if (!value.empty() && !inside(value)) {
      error = http::error::bad_value;
      return;
    }
    fields_->push_back({place(name), place(value)});
    if (field == http::field::expect) expects_continue = boost::beast::iequals(value, "100-continue");
    if (field == http::field::transfer_encoding) unknown_coding = !boost::beast::iequals(value, "chunked");
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(boost::beast::string_view piece, error_code&) override { return piece.size(); }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view piece, error_code&) override {
    if (keep_body) {
      std::memmove(body_end, piece.data(), piece.size());
      body_end += piece.size();
    }
    return piece.size();
  }
  void on_finish_impl(error_code&) override {}

  std::vector<Field>* fields_ = nullptr;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
};

bool ends_lines_wrongly(std::string_view text) {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1))
    if (end == 0 || text[end - 1] != '\r') return true;
  return false;
}

// Path and query of "/p?q" or "http://host/p?q".
void split_target(std::string_view target, HttpRequest& request) {
  if (target.empty() || target.front() != '/') {
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos) {
      const auto path = target.find_first_of("/?", scheme + 3);
      target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
    }
  }
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

}  // namespace

struct HttpExchange::State {
  explicit State(HttpService& served) : service(served) { start_request(); }

  enum class Phase { kHeader, kSizedBody, kChunkedBody, kAnswer, kClosing };

  Step advance();
  Step parse_header();
  Step header_complete();
  Step read_sized_body();
  Step read_chunked_body();
  Step serve();
  Step refuse(unsigned status);
  void start_request();
  void skip_blank_lines();
  std::span<char> room();
  std::string_view text(Place place) const { return {input.data() + begin + place.at, place.length}; }
  // Bytes of this request and of what came behind it.
  std::size_t here() const { return input.size() - begin; }

  HttpService& service;
  InputBuffer input;
  std::optional<RequestParser> parser;
  Phase phase = Phase::kHeader;
  // Places in the buffer: `begin` from its start, the others from `begin`.
  std::size_t begin = 0;
  std::size_t parsed = 0;  // where the parser goes on
  std::size_t body_at = 0;
  std::size_t body_bytes = 0;   // kept so far (chunked)
  std::uint64_t body_left = 0;  // to be discarded (sized)
  std::uint64_t body_wanted = 0;
  bool too_large = false;
  bool last = false;     // close after this answer
  bool unread = false;   // the peer may still be sending
  bool interim = false;  // the output is a 100
  std::vector<Field> fields;
  std::vector<sls_pair> pairs;
  HttpReply reply;
  std::string head;
  std::string_view reply_body;
};

void HttpExchange::State::start_request() {
  begin += parsed;
  if (begin == input.size()) {
    input.clear(kKeptBytes);
    begin = 0;
  }
  parsed = body_at = body_bytes = 0;
  body_left = body_wanted = 0;
  too_large = false;
  if (fields.capacity() > kFieldsKept) fields = {}, pairs = {};
  parser.emplace();
  parser->begin(fields);
  phase = Phase::kHeader;
}

std::span<char> HttpExchange::State::room() {
  if (begin != 0 && input.size() == input.capacity()) {
    input.cut(0, begin);
    begin = 0;
  }
  if (phase == Phase::kSizedBody && !too_large) {
    const std::size_t whole = begin + body_at + static_cast<std::size_t>(body_wanted);
    if (whole > input.capacity())
      input.reserve(std::min(whole, std::max(input.size() * 2, input.size() + kTrustedBytes)));
  } else if (phase == Phase::kClosing || too_large) {
    input.reserve(input.size() + kDiscardBytes);
  } else if (input.size() == input.capacity()) {
    input.reserve(std::max(kFirstBytes, input.size() * 2));
  }
  return input.room();
}

HttpExchange::Step HttpExchange::State::advance() {
  switch (phase) {
    case Phase::kHeader: return parse_header();
    case Phase::kSizedBody: return read_sized_body();
    case Phase::kChunkedBody: return read_chunked_body();
    case Phase::kAnswer: return Step::kWrite;
    case Phase::kClosing: input.truncate(begin); return Step::kRead;
  }
  return Step::kClose;
}

// RFC 9112 2.2: empty lines before a request are skipped.
void HttpExchange::State::skip_blank_lines() {
  while (parsed == 0 && begin < input.size() && (input.data()[begin] == '\r' || input.data()[begin] == '\n')) ++begin;
}

HttpExchange::Step HttpExchange::State::parse_header() {
  skip_blank_lines();
  if (here() == 0) {
    start_request();
    return last ? Step::kClose : Step::kRead;
  }
  const char* from = input.data() + begin;
  error_code error;
  parser->at(from, from + here());
  parsed += parser->put({from + parsed, here() - parsed}, error);
  if (error == http::error::header_limit) return refuse(431);
  if (error && error != http::error::need_more) return refuse(400);
  const std::size_t header_bytes = parser->is_header_done() ? parsed : here();
  if (header_bytes > limits::kHttpHeaderBytesMax) return refuse(431);
  if (parser->is_header_done()) return header_complete();
  // The parser waits for an empty line, which a peer that ends its lines otherwise never sends.
  return ends_lines_wrongly({from + parsed, here() - parsed}) ? refuse(400) : Step::kRead;
}

HttpExchange::Step HttpExchange::State::header_complete() {
  if (parser->unknown_coding) return refuse(501);
  body_at = parsed;
  HttpRequest asked;
  split_target(text(parser->target), asked);
  BodyPolicy policy = service.body_policy(text(parser->method), asked.path);
  policy.bytes_max = std::min(policy.bytes_max, limits::kHttpBodyBytesMax);
  const bool refuses = policy.on_excess == BodyPolicy::OnExcess::kRefuse;
  if (parser->chunked()) {
    phase = Phase::kChunkedBody;
    body_wanted = policy.bytes_max;
    if (refuses) parser->body_limit(policy.bytes_max);
  } else {
    phase = Phase::kSizedBody;
    body_wanted = parser->content_length().value_or(0);
    too_large = body_wanted > policy.bytes_max;
    if (too_large && refuses) return refuse(413);
    body_left = body_wanted;
  }
  const bool waits = parser->expects_continue && parser->version >= 11 && here() == body_at && !parser->is_done();
  if (!waits) return advance();
  head = "HTTP/1.1 100 Continue\r\n\r\n";
  reply_body = {};
  interim = true;
  return Step::kWrite;
}

HttpExchange::Step HttpExchange::State::read_sized_body() {
  const std::size_t behind = here() - body_at;
  if (too_large) {
    const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(behind, body_left));
    input.cut(begin + body_at, begin + body_at + taken);
    body_left -= taken;
    parsed = body_at;
    return body_left == 0 ? serve() : Step::kRead;
  }
  if (behind < body_wanted) return Step::kRead;
  body_bytes = static_cast<std::size_t>(body_wanted);
  parsed = body_at + body_bytes;
  return serve();
}

// Pieces are moved down to where the body lies, over the chunk headers that are read.
HttpExchange::Step HttpExchange::State::read_chunked_body() {
  error_code error;
  while (!error && !parser->is_done()) {
    char* from = input.data() + begin;
    parser->body_end = from + body_at + body_bytes;
    const std::size_t rest = here() - parsed;
    if (rest == 0 || (rest < kChunkedRestMin && from[parsed] == '0')) break;
    parsed += parser->put({from + parsed, here() - parsed}, error);
    body_bytes = static_cast<std::size_t>(parser->body_end - from) - body_at;
    if (!too_large && body_bytes > body_wanted) {  // only where it is taken without its body
      too_large = true;
      parser->keep_body = false;
      body_bytes = 0;
    }
  }
  if (error == http::error::body_limit) return refuse(413);
  if (error && error != http::error::need_more) return refuse(400);
  input.cut(begin + body_at + body_bytes, begin + parsed);
  parsed = body_at + body_bytes;
  if (parser->is_done()) return serve();
  // A chunk's header or a trailer that does not end.
  if (here() - parsed > limits::kHttpHeaderBytesMax) return refuse(431);
  return Step::kRead;
}

HttpExchange::Step HttpExchange::State::serve() {
  HttpRequest request;
  request.method = text(parser->method);
  split_target(text(parser->target), request);
  pairs.clear();
  for (const Field& field : fields) {
    const std::string_view name = text(field.name), value = text(field.value);
    pairs.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
  }
  request.headers = pairs;
  request.body = {input.data() + begin + body_at, body_bytes};
  request.body_too_large = too_large;

  reset(reply, kKeptBytes);
  try {
    service.serve(request, reply);
  } catch (const std::exception& e) {
    log_error("answering ", request.path, " ended by an exception: ", std::string_view(e.what()));
    reset(reply, 0);
    reply.status = 500;
  }
  last = last || !parser->keep_alive();
  const bool head_only = request.method == "HEAD";
  write_head(head, reply, {parser->version, last, head_only});
  reply_body = sends_body(reply.status) && !head_only ? std::string_view(reply.body) : std::string_view();
  phase = Phase::kAnswer;
  return Step::kWrite;
}

HttpExchange::Step HttpExchange::State::refuse(unsigned status) {
  reset(reply, 0);
  reply.status = status;
  last = unread = true;
  write_head(head, reply, {11, true, false});
  reply_body = {};
  phase = Phase::kAnswer;
  return Step::kWrite;
}

HttpExchange::HttpExchange(HttpService& service) : state_(std::make_unique<State>(service)) {}
HttpExchange::~HttpExchange() = default;
HttpExchange::HttpExchange(HttpExchange&&) noexcept = default;

std::span<char> HttpExchange::room() { return state_->room(); }

HttpExchange::Step HttpExchange::received(std::size_t bytes) {
  state_->input.filled(bytes);
  return state_->advance();
}

HttpExchange::Step HttpExchange::sent() {
  State& s = *state_;
  if (s.interim) {
    s.interim = false;
    return s.advance();
  }
  if (s.last) {
    s.phase = State::Phase::kClosing;
    return Step::kClose;
  }
  s.start_request();
  return s.advance();
}

HttpExchange::Step HttpExchange::expired() {
  if (idle() || state_->phase == State::Phase::kAnswer || state_->phase == State::Phase::kClosing) return Step::kClose;
  return state_->refuse(408);
}

void HttpExchange::close_after_answer() { state_->last = true; }

HttpExchange::Output HttpExchange::output() const { return {state_->head, state_->reply_body}; }
bool HttpExchange::idle() const { return state_->phase == State::Phase::kHeader && state_->here() == 0; }
bool HttpExchange::linger() const { return state_->unread; }

}  // namespace agent
