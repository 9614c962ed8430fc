// The shop: one web handler in several languages, each with the ordinary tracer of its language, beside the built
// agent.
//
// For an event with a card it makes a statement, an HTTP call and a Redis command that hold the card's number; what
// answers them are fakes in the test's process, whose ports it finds in SHOP_WEB, SHOP_STORE and SHOP_DATABASE. Used by
// the tests of tracers; the questions that they ask about spans are here.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lab/socket.hpp"
#include "stage.hpp"

namespace shop {

inline constexpr std::string_view kCard = "4111111111111111";
// Tracers tag a call's query in several places; an operator hides it with these.
inline constexpr const char* kConfig = R"(
service: shop
apm_config:
  obfuscation:
    http:
      remove_query_string: true
  replace_tags:
    - name: http.query.string
      pattern: ".*"
      repl: "?"
)";
inline constexpr const char* kPayment = R"({"card":"4111111111111111"})";

// Answers each read of each connection, on a port of its own, until it is destroyed.
class Fake {
 public:
  using Answer = std::function<std::string(std::string_view bytes)>;
  explicit Fake(Answer answer);
  ~Fake();
  std::string port() const { return std::to_string(listener_.port()); }

 private:
  struct Connection {
    lab::Socket socket;
    std::thread thread;
  };
  void talk(lab::Socket& socket) const;

  Answer answer_;
  lab::Listener listener_{"127.0.0.1", 0};
  std::list<Connection> connections_;  // touched by the acceptor, and by the destructor after it
  std::thread acceptor_;
};

struct Fakes {
  Fakes();
  Fake web, store, database;
};

// `program` with the ports of the fakes and `variables` ("NAME=value") in its environment.
std::vector<std::string> function(const Fakes& fakes, std::vector<std::string> variables,
                                  const std::vector<std::string>& program);

// Whether a fixture has installed what it is for into that folder.
bool installed(const std::string& folder);

// Two payments that succeed, and an event without a card, which fails; the ids of the three. Fatal where one ends
// otherwise.
void pay_twice_and_fail(stage::Stage& stage, std::vector<std::string>& ids);

// Of accepted requests, in order.
std::vector<lab::Span> spans_of(stage::Stage& stage);
std::vector<lab::Span> named(const std::vector<lab::Span>& spans, std::string_view name);
std::string tag(const lab::Span& span, const std::string& key);  // "(none)" where it has none
bool holds(const lab::Span& span, std::string_view text);        // its resource, or any tag

// Everybody's spans: once, no card's number, the function's tags, and a parent that came as well.
void expect_sound(const std::vector<lab::Span>& spans, const std::string& service);
// One `aws.lambda` per request id in that order, of which the last failed, and a cold-start span of the first.
void expect_invocations(const std::vector<lab::Span>& spans, const std::vector<std::string>& ids,
                        const std::string& language);

}  // namespace shop
