#include "shop.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace shop {
namespace {

std::string web(std::string_view) { return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"; }

// Clients may send several commands at once; each is an array, "*N\r\n" at the start of a line.
std::string store(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
    if (bytes[i] == '*' && bytes[i + 1] >= '0' && bytes[i + 1] <= '9' && (i == 0 || bytes[i - 1] == '\n'))
      out += "+OK\r\n";
  return out;
}

// PostgreSQL: ready after the start-up message, which has no letter in front, and after each simple query.
std::string database(std::string_view bytes) {
  constexpr std::string_view kReady("Z\0\0\0\5I", 6), kAccepted("R\0\0\0\10\0\0\0\0", 9),
      kDone("C\0\0\0\15SELECT 0\0", 14);
  if (bytes.empty()) return {};
  if (bytes[0] == '\0') return std::string(kAccepted).append(kReady);
  return bytes[0] == 'Q' ? std::string(kDone).append(kReady) : std::string();
}

}  // namespace

Fake::Fake(Answer answer) : answer_(std::move(answer)) {
  acceptor_ = std::thread([this] {
    while (lab::Socket socket = listener_.accept()) {
      Connection& connection = connections_.emplace_back();
      connection.socket = std::move(socket);
      connection.thread = std::thread([this, &connection] { talk(connection.socket); });
    }
  });
}

Fake::~Fake() {
  listener_.stop();
  acceptor_.join();
  for (Connection& connection : connections_) {
    connection.socket.shut();
    connection.thread.join();
  }
}

void Fake::talk(lab::Socket& socket) const {
  std::array<char, 65536> bytes;
  for (;;) {
    const long size = socket.receive(bytes.data(), bytes.size(), 60000);
    if (size <= 0) break;
    if (!socket.send_all(answer_({bytes.data(), static_cast<std::size_t>(size)}))) break;
  }
  socket.shut();
}

Fakes::Fakes() : web(shop::web), store(shop::store), database(shop::database) {}

std::vector<std::string> function(const Fakes& fakes, std::vector<std::string> variables,
                                  const std::vector<std::string>& program) {
  std::vector<std::string> out = {"/usr/bin/env", "SHOP_WEB=" + fakes.web.port(), "SHOP_STORE=" + fakes.store.port(),
                                  "SHOP_DATABASE=" + fakes.database.port()};
  out.insert(out.end(), std::make_move_iterator(variables.begin()), std::make_move_iterator(variables.end()));
  out.insert(out.end(), program.begin(), program.end());
  return out;
}

bool installed(const std::string& folder) { return access((folder + "/installed.txt").c_str(), R_OK) == 0; }

void pay_twice_and_fail(stage::Stage& stage, std::vector<std::string>& ids) {
  for (const char* event : {kPayment, kPayment, "{}"}) {
    const lab::InvokeOutcome outcome = stage.sandbox().invoke(event);
    ASSERT_EQ(outcome.status, ids.size() < 2 ? "success" : "error") << event;
    ids.push_back(outcome.id);
  }
}

std::vector<lab::Span> spans_of(stage::Stage& stage) {
  std::vector<lab::Span> out;
  for (const lab::Received& request : stage.received())
    out.insert(out.end(), request.spans.begin(), request.spans.end());
  return out;
}

std::vector<lab::Span> named(const std::vector<lab::Span>& spans, std::string_view name) {
  std::vector<lab::Span> out;
  for (const lab::Span& span : spans)
    if (span.name == name) out.push_back(span);
  return out;
}

std::string tag(const lab::Span& span, const std::string& key) {
  const auto found = span.meta.find(key);
  return found == span.meta.end() ? "(none)" : found->second;
}

bool holds(const lab::Span& span, std::string_view text) {
  if (span.resource.find(text) != std::string::npos) return true;
  return std::any_of(span.meta.begin(), span.meta.end(),
                     [&](const auto& each) { return each.second.find(text) != std::string::npos; });
}

void expect_sound(const std::vector<lab::Span>& spans, const std::string& service) {
  for (const lab::Span& span : spans) {
    const std::string which = span.name + ": " + span.resource;
    EXPECT_FALSE(holds(span, kCard)) << which;
    EXPECT_EQ(tag(span, "service"), service) << which;
    EXPECT_EQ(tag(span, "_dd.origin"), "lambda") << which;
    EXPECT_NE(span.span_id, 0u) << which;
    EXPECT_EQ(std::count_if(spans.begin(), spans.end(),
                            [&](const lab::Span& other) { return other.span_id == span.span_id; }),
              1)
        << which;
    const bool has_parent = span.parent_id == 0 || std::any_of(spans.begin(), spans.end(), [&](const lab::Span& other) {
                              return other.span_id == span.parent_id && other.trace_id == span.trace_id;
                            });
    EXPECT_TRUE(has_parent) << which << " under " << span.parent_id;
  }
}

void expect_invocations(const std::vector<lab::Span>& spans, const std::vector<std::string>& ids,
                        const std::string& language) {
  const std::vector<lab::Span> found = named(spans, "aws.lambda");
  ASSERT_EQ(found.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool failed = i + 1 == ids.size();
    EXPECT_EQ(tag(found[i], "request_id"), ids[i]);
    // A runtime that takes more than ten seconds to start, on a busy machine, looks like one that was started ahead.
    const bool ahead = tag(found[i], "proactive_initialization") == "true";
    EXPECT_EQ(tag(found[i], "cold_start"), i == 0 && !ahead ? "true" : "false");
    EXPECT_EQ(tag(found[i], "language"), language);
    EXPECT_EQ(tag(found[i], "http.status_code"), failed ? "(none)" : "201");
    EXPECT_EQ(found[i].error, failed ? 1 : 0);
    EXPECT_EQ(found[i].type, "serverless");
    EXPECT_EQ(found[i].resource, "lab-function");
  }
  const std::vector<lab::Span> cold = named(spans, "aws.lambda.cold_start");
  ASSERT_EQ(cold.size(), 1u);
  EXPECT_EQ(cold[0].trace_id, found[0].trace_id);
}

}  // namespace shop
