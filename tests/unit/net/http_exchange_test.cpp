#include "net/http_exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "base/limits.hpp"
#include "recording_service.hpp"

namespace agent {
namespace {

using Step = HttpExchange::Step;

// Plays the socket: feeds `input` in pieces of at most `piece` bytes, collects the answers.
struct Played {
  std::string output;
  bool closed = false;
};

void drain(HttpExchange& exchange, Step step, Played& played) {
  while (step == Step::kWrite) {
    const HttpExchange::Output out = exchange.output();
    played.output.append(out.head).append(out.body);
    step = exchange.sent();
  }
  played.closed = step == Step::kClose;
}

void feed(HttpExchange& exchange, std::string_view input, Played& played) {
  while (!input.empty() && !played.closed) {
    const auto room = exchange.room();
    ASSERT_FALSE(room.empty());
    const std::size_t bytes = std::min(room.size(), input.size());
    std::memcpy(room.data(), input.data(), bytes);
    input.remove_prefix(bytes);
    drain(exchange, exchange.received(bytes), played);
  }
}

Played play(HttpService& service, std::string_view input, std::size_t piece = std::string_view::npos) {
  HttpExchange exchange(service);
  Played played;
  for (std::size_t at = 0; at < input.size() && !played.closed; at += std::min(piece, input.size() - at))
    feed(exchange, input.substr(at, piece), played);
  return played;
}

unsigned status_of(std::string_view output) {
  return output.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(std::string(output.substr(9, 3))));
}

TEST(HttpExchange, AnswersARequestWithABody) {
  RecordingService service;
  const Played played = play(service, "POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(played.output,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 19\r\n\r\n"
            "POST /a/b?c=d hello");
  EXPECT_FALSE(played.closed);
}

// Three requests of different kinds one after the other, cut at every position: the answers are always the
// same.
TEST(HttpExchange, GivesTheSameAnswersWhereverTheInputIsCut) {
  const std::string input =
      "\r\nPOST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX-A: 1\r\nX-A: 2\r\n\r\nhello"
      "POST /two HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;ext=\"v\"\r\nhello\r\nA\r\n, chunked!\r\n0\r\nTrailer: x\r\n\r\n"
      "GET http://host:1/three?q HTTP/1.1\r\nHost: x\r\n\r\n";
  RecordingService whole_service;
  const Played whole = play(whole_service, input);
  ASSERT_EQ(whole_service.seen.size(), 3u);
  EXPECT_EQ(whole_service.seen[1].body, "hello, chunked!");
  EXPECT_EQ(whole_service.seen[2].path, "/three");
  EXPECT_EQ(whole_service.seen[2].query, "q");
  for (std::size_t at = 1; at < input.size(); ++at) {
    RecordingService service;
    HttpExchange exchange(service);
    Played played;
    feed(exchange, std::string_view(input).substr(0, at), played);
    feed(exchange, std::string_view(input).substr(at), played);
    ASSERT_EQ(played.output, whole.output) << "cut at " << at;
    ASSERT_EQ(service.seen[0].headers, whole_service.seen[0].headers) << "cut at " << at;
    ASSERT_EQ(service.seen[1].body, "hello, chunked!") << "cut at " << at;
  }
  RecordingService service;
  EXPECT_EQ(play(service, input, 1).output, whole.output);
}

TEST(HttpExchange, RefusesWhatIsNoRequest) {
  const struct {
    std::string_view name, input;
    unsigned status;
  } kCases[] = {
      {"no HTTP", "hello\r\n\r\n", 400},
      {"line ends without CR", "GET / HTTP/1.1\nHost: x\n\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"TLS hello", std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400},
      {"negative length", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
      {"length that is no number", "POST / HTTP/1.1\r\nContent-Length: 5x\r\n\r\n", 400},
      {"length beyond 64 bits", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      {"length and chunks", "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunks and length", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400},
      {"unknown coding", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"chunked is not last", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 501},
      {"chunk size that is none", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n", 400},
      {"chunk without its end", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400},
      {"huge chunk", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", 413},
      {"chunk size beyond 64 bits", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1FFFFFFFFFFFFFFFF\r\n", 400},
      {"blank before the colon", "GET / HTTP/1.1\r\nA : b\r\n\r\n", 400},
      {"folded value", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400},
      {"NUL in a value", std::string_view("GET / HTTP/1.1\r\nA: \0\r\n\r\n", 24), 400},
      {"blank in the target", "GET /a b HTTP/1.1\r\n\r\n", 400},
      {"body over the limit", "POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", 413},
      {"body over the limit, asking first",
       "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n", 413},
  };
  for (const auto& each : kCases) {
    for (const std::size_t piece : {std::string_view::npos, std::size_t{1}}) {
      RecordingService service;
      const Played played = play(service, each.input, piece);
      EXPECT_EQ(status_of(played.output), each.status) << each.name << ": " << played.output;
      EXPECT_TRUE(played.closed) << each.name;
      EXPECT_NE(played.output.find("Connection: close\r\n"), std::string::npos) << each.name;
      EXPECT_TRUE(service.seen.empty()) << each.name;
    }
  }
}

TEST(HttpExchange, RefusesAHeaderThatDoesNotEnd) {
  const std::string many = [] {
    std::string text = "GET / HTTP/1.1\r\n";
    while (text.size() < limits::kHttpHeaderBytesMax + 100) text += "A: b\r\n";
    return text;
  }();
  const std::string cases[] = {
      many,
      many + "\r\n",
      "GET /" + std::string(limits::kHttpHeaderBytesMax + 100, 'a'),
      "GET / HTTP/1.1\r\nA: " + std::string(limits::kHttpHeaderBytesMax + 100, 'b'),
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(limits::kHttpHeaderBytesMax + 100, 'e'),
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: "
          + std::string(limits::kHttpHeaderBytesMax + 100, 't'),
  };
  for (const std::string& input : cases) {
    for (const std::size_t piece : {std::size_t{1000}, std::string::npos}) {
      RecordingService service;
      const Played played = play(service, input, piece);
      EXPECT_EQ(status_of(played.output), 431u) << input.substr(0, 60);
      EXPECT_TRUE(played.closed);
    }
  }
}

TEST(HttpExchange, TakesAHeaderUpToTheLimit) {
  RecordingService service;
  const std::string input = "GET / HTTP/1.1\r\nA: " + std::string(limits::kHttpHeaderBytesMax - 100, 'b') + "\r\n\r\n";
  EXPECT_EQ(status_of(play(service, input, 1000).output), 200u);
}

TEST(HttpExchange, TakesTheRequestWithoutItsBodyWhereTheRouteWantsThat) {
  const std::string big(100, 'b');
  const std::string next = "GET /next HTTP/1.1\r\n\r\n";
  const std::string inputs[] = {
      "POST /p HTTP/1.1\r\nX: y\r\nContent-Length: 100\r\n\r\n" + big + next,
      "POST /p HTTP/1.1\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n" + big.substr(50) + "\r\n32\r\n"
          + big.substr(50) + "\r\n0\r\n\r\n" + next,
  };
  for (const std::string& input : inputs) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}}) {
      RecordingService service;
      service.policy = {60, BodyPolicy::OnExcess::kTakeWithoutBody};
      const Played played = play(service, input, piece);
      ASSERT_EQ(service.seen.size(), 2u);
      EXPECT_TRUE(service.seen[0].body_too_large);
      EXPECT_EQ(service.seen[0].body, "");
      EXPECT_EQ(service.seen[0].headers[0].second, "y");
      EXPECT_FALSE(service.seen[1].body_too_large);
      EXPECT_EQ(service.seen[1].path, "/next");
      EXPECT_FALSE(played.closed);
    }
  }
}

TEST(HttpExchange, SaysContinueOnlyToThoseWhoWaitForIt) {
  const std::string header = "POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  RecordingService service;
  HttpExchange exchange(service);
  Played played;
  feed(exchange, header, played);
  EXPECT_EQ(played.output, "HTTP/1.1 100 Continue\r\n\r\n");
  played.output.clear();
  feed(exchange, "ab", played);
  EXPECT_EQ(status_of(played.output), 200u);
  EXPECT_EQ(service.seen.at(0).body, "ab");

  RecordingService other;
  EXPECT_EQ(play(other, header + "ab").output.find("100 Continue"), std::string::npos);
  RecordingService old;
  EXPECT_EQ(status_of(play(old, "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab", 1).output),
            200u);
}

TEST(HttpExchange, KeepsTheConnectionAsTheRequestWishes) {
  const struct {
    std::string_view input, wanted_line;
    bool closed;
  } kCases[] = {
      {"GET / HTTP/1.1\r\n\r\n", "", false},
      {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "Connection: close\r\n", true},
      {"GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n", "Connection: close\r\n", true},
      {"GET / HTTP/1.0\r\n\r\n", "Connection: close\r\n", true},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "Connection: keep-alive\r\n", false},
  };
  for (const auto& each : kCases) {
    RecordingService service;
    const Played played = play(service, each.input);
    EXPECT_EQ(played.closed, each.closed) << each.input;
    EXPECT_NE(played.output.find(each.wanted_line), std::string::npos) << played.output;
  }
}

TEST(HttpExchange, AnswersHeadWithTheLengthAndWithoutTheBody) {
  RecordingService service;
  const Played played = play(service, "HEAD /x HTTP/1.1\r\n\r\nGET /y HTTP/1.1\r\n\r\n");
  EXPECT_EQ(played.output,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 9\r\n\r\n"
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 8\r\n\r\nGET /y? ");
}

TEST(HttpExchange, LeavesOutReplyHeadersThatWouldBreakTheAnswer) {
  RecordingService service;
  service.on_serve = [](const HttpRequest&, HttpReply& reply) {
    reply.content_type = "application/json";
    reply.headers.emplace_back("good", "value");
    reply.headers.emplace_back("bad", "a\r\nHTTP/1.1 200 OK");
    reply.headers.emplace_back("b\nad", "a");
    reply.headers.emplace_back("", "a");
    reply.body = "{}";
  };
  EXPECT_EQ(play(service, "GET / HTTP/1.1\r\n\r\n").output,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\ngood: value\r\n\r\n{}");
}

TEST(HttpExchange, SendsNoBodyWhereTheStatusHasNone) {
  RecordingService service;
  service.on_serve = [](const HttpRequest&, HttpReply& reply) { reply.status = 204, reply.body = "no"; };
  EXPECT_EQ(play(service, "GET / HTTP/1.1\r\n\r\n").output, "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(HttpExchange, AnswersFiveHundredWhenTheServiceThrows) {
  RecordingService service;
  service.on_serve = [](const HttpRequest&, HttpReply& reply) {
    reply.body = "half";
    throw std::runtime_error("broken");
  };
  const Played played = play(service, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(played.output), 500u);
  EXPECT_EQ(played.output.find("half"), std::string::npos);
  EXPECT_FALSE(played.closed);
}

TEST(HttpExchange, StartsEachReplyAfresh) {
  RecordingService service;
  service.on_serve = [&](const HttpRequest&, HttpReply& reply) {
    EXPECT_EQ(reply.status, 200u);
    EXPECT_TRUE(reply.headers.empty());
    EXPECT_TRUE(reply.body.empty());
    reply.status = 404;
    reply.headers.emplace_back("a", "b");
    reply.body = "x";
  };
  play(service, "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(service.seen.size(), 2u);
}

TEST(HttpExchange, FindsTheLastOfRepeatedHeaders) {
  RecordingService service;
  std::string found, missing = "x";
  service.on_serve = [&](const HttpRequest& request, HttpReply&) {
    found = request.header("x-trace");
    missing = request.header("nobody");
  };
  play(service, "GET / HTTP/1.1\r\nX-Trace: 1\r\nx-TRACE:  2 \r\nX-Empty:\r\n\r\n", 3);
  EXPECT_EQ(found, "2");
  EXPECT_EQ(missing, "");
}

TEST(HttpExchange, BelievesAClaimedLengthOnlyAsFarAsBytesCame) {
  RecordingService service;
  service.policy.bytes_max = limits::kHttpBodyBytesMax;
  HttpExchange exchange(service);
  Played played;
  feed(exchange, "POST / HTTP/1.1\r\nContent-Length: 67108864\r\n\r\n", played);
  EXPECT_LE(exchange.room().size(), HttpExchange::kTrustedBytes + 4096);
  feed(exchange, std::string(3 << 20, 'x'), played);
  EXPECT_LE(exchange.room().size(), std::size_t{4} << 20);
}

TEST(HttpExchange, TakesLargeBodiesInOneAllocationEach) {
  for (const std::size_t bytes : {std::size_t{1024}, std::size_t{100'000}, std::size_t{6'291'456}}) {
    RecordingService service;
    service.policy.bytes_max = 6'291'456;
    std::string body(bytes, 'x');
    for (std::size_t i = 0; i < bytes; ++i) body[i] = static_cast<char>('a' + i * 7 % 26);
    play(service, "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" + body, 60'000);
    ASSERT_EQ(service.seen.size(), 1u);
    EXPECT_TRUE(service.seen[0].body == body) << bytes;
  }
}

TEST(HttpExchange, KeepsLittleMemoryAfterALargeRequest) {
  RecordingService service;
  service.policy.bytes_max = 6'291'456;
  HttpExchange exchange(service);
  Played played;
  feed(exchange, "POST / HTTP/1.1\r\nContent-Length: 6000000\r\n\r\n" + std::string(6'000'000, 'x'), played);
  EXPECT_TRUE(exchange.idle());
  EXPECT_LE(exchange.room().size(), std::size_t{64} << 10);
}

TEST(HttpExchange, AnswersRequestTimeoutOnlyToAHalfRequest) {
  RecordingService service;
  HttpExchange idle(service);
  EXPECT_EQ(idle.expired(), Step::kClose);
  HttpExchange half(service);
  Played played;
  feed(half, "POST / HTTP/1.1\r\nContent-Le", played);
  EXPECT_EQ(half.expired(), Step::kWrite);
  drain(half, Step::kWrite, played);
  EXPECT_EQ(status_of(played.output), 408u);
  EXPECT_TRUE(played.closed);
}

TEST(HttpExchange, ClosesAfterTheAnswerWhenTold) {
  RecordingService service;
  HttpExchange exchange(service);
  Played played;
  feed(exchange, "GET / HT", played);
  exchange.close_after_answer();
  feed(exchange, "TP/1.1\r\n\r\n", played);
  EXPECT_TRUE(played.closed);
  EXPECT_NE(played.output.find("Connection: close"), std::string::npos);
}

}  // namespace
}  // namespace agent
