// Any bytes as requests to an HTTP server: wherever they are cut, the same requests reach the service and the same
// answers leave; an answer is never two; memory grows with what came, not with what was claimed.
//
// The first byte chooses the service's limits and where the bytes are cut; the others are what the client sends.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "net/http_exchange.hpp"
#include "require.hpp"

namespace {

using agent::BodyPolicy;
using agent::HttpExchange;
using agent::HttpReply;
using agent::HttpRequest;
using Step = agent::HttpExchange::Step;

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kInterim = "HTTP/1.1 100 Continue\r\n\r\n";

void note(std::string& out, std::string_view text) { out.append(std::to_string(text.size())).append(":").append(text); }

// Writes down what it is asked, and answers with the last header of the request, whatever stands in it.
class Echo : public agent::HttpService {
 public:
  explicit Echo(std::uint8_t choice)
      : policy_{(choice & 1) != 0 ? 16u : 1u << 20,
                (choice & 2) != 0 ? BodyPolicy::OnExcess::kRefuse : BodyPolicy::OnExcess::kTakeWithoutBody} {}

  BodyPolicy body_policy(std::string_view method, std::string_view path) override {
    REQUIRE(!method.empty());
    return path == "/unknown" ? BodyPolicy{0, BodyPolicy::OnExcess::kTakeWithoutBody} : policy_;
  }

  void serve(const HttpRequest& request, HttpReply& reply) override {
    for (const std::string_view part : {request.method, request.path, request.query, request.body}) note(served, part);
    for (const sls_pair& pair : request.headers) {
      note(served, {pair.key.data, pair.key.len});
      note(served, {pair.value.data, pair.value.len});
      reply.headers.assign(1, {"X-Last", std::string(pair.value.data, pair.value.len)});
    }
    served += request.body_too_large ? "!" : ".";
    REQUIRE(!request.body_too_large || request.body.empty());
    // Those 64 bytes behind the body are promised to be readable.
    char behind[64];
    std::memcpy(behind, request.body.data() + request.body.size(), sizeof behind);
    reply.body = request.body;
    reply.status = 200 + static_cast<unsigned>(request.path.size() % 5);
  }

  std::string served;

 private:
  BodyPolicy policy_;
};

struct Talk {
  std::string served, answers;
};

void take_answer(HttpExchange& exchange, Talk& talk) {
  const HttpExchange::Output output = exchange.output();
  REQUIRE(output.head.find(kEndOfHead) == output.head.size() - kEndOfHead.size());
  // Whether somebody waits for a 100 depends on what has come, so it is no part of the comparison.
  if (output.head == kInterim) return;
  // So does which fault of a request is seen first; the service says 2xx alone.
  const bool refusal = output.head[9] != '2';
  REQUIRE(!refusal || output.body.empty());
  if (refusal) return void(talk.answers += "refused");
  talk.answers.append(output.head).append(output.body);
}

Talk talk_to(std::uint8_t choice, std::string_view bytes, bool in_pieces) {
  Echo echo(choice);
  HttpExchange exchange(echo);
  Talk talk;
  std::uint32_t chance = choice;
  std::size_t at = 0;
  Step step = Step::kRead;
  while (step != Step::kClose) {
    if (step == Step::kWrite) {
      take_answer(exchange, talk);
      step = exchange.sent();
      continue;
    }
    if (at == bytes.size()) {
      step = exchange.expired();
      REQUIRE(step != Step::kRead);
      if (step == Step::kWrite) take_answer(exchange, talk), step = exchange.sent();
      REQUIRE(step == Step::kClose);
      break;
    }
    const auto room = exchange.room();
    REQUIRE(!room.empty());
    REQUIRE(room.size() <= HttpExchange::kTrustedBytes + 4 * bytes.size() + (128 << 10));
    chance = chance * 1664525u + 1013904223u;
    const std::size_t piece = in_pieces ? 1 + (choice < 16 ? 0 : (chance >> 24) % choice) : bytes.size();
    const std::size_t count = std::min({room.size(), piece, bytes.size() - at});
    std::memcpy(room.data(), bytes.data() + at, count);
    at += count;
    step = exchange.received(count);
  }
  talk.served = echo.served;
  return talk;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view sent(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const Talk whole = talk_to(bytes[0], sent, false), pieces = talk_to(bytes[0], sent, true);
  REQUIRE(whole.served == pieces.served);
  REQUIRE(whole.answers == pieces.answers);
  return 0;
}
