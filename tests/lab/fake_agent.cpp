// A little agent for the lab's own tests: registers, subscribes, ships function and platform records as logs, and
// answers on 8124. It follows orders in its environment: FAKE_CRASH_AT=N, FAKE_LATE_REGISTER=1, FAKE_DEAF=1 (ignores
// SHUTDOWN), FAKE_SECOND_NEXT=1, FAKE_TWICE_REFUSED=1 (refuses its first two batches).
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "lab/http.hpp"
#include "lab/json.hpp"

namespace {

using namespace lab;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::uint16_t port_of(const std::string& address) {
  std::uint16_t port = 0;
  const std::size_t colon = address.rfind(':');
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return port;
}

// "http://HOST:PORT".
std::string host_of(const std::string& address) {
  const std::size_t begin = address.find("//") + 2;
  return address.substr(begin, address.rfind(':') - begin);
}

class FakeAgent {
 public:
  FakeAgent()
      : api_port_(port_of(variable("AWS_LAMBDA_RUNTIME_API"))),
        api_("127.0.0.1", api_port_),
        intake_(host_of(variable("DD_LOGS_CONFIG_LOGS_DD_URL")), port_of(variable("DD_LOGS_CONFIG_LOGS_DD_URL"))),
        receiver_([this](const HttpRequest& request, const HttpServer::Gone&) { return take(request); }),
        routes_([this](const HttpRequest& request, const HttpServer::Gone&) { return route(request); }, {},
                variable("DD_BIND_HOST"), 8124) {}

  int run(const std::string& name) {
    if (!variable("FAKE_LATE_REGISTER").empty()) sleep(1);
    const HttpReply reply =
        api_.send("POST", "/2020-01-01/extension/register", R"({"events":["INVOKE","SHUTDOWN"]})",
                  {{"Lambda-Extension-Name", name}, {"Lambda-Extension-Accept-Feature", "accountId"}});
    if (reply.status != 200) return std::fprintf(stderr, "register: %s\n", reply.body.c_str()), 1;
    identity_ = {{"Lambda-Extension-Identifier", std::string(reply.header("lambda-extension-identifier"))}};
    subscribe();
    for (int events = 0;; ++events) {
      const json::value event = next();
      const std::string kind = text_at(event, "/eventType");
      if (kind == "SHUTDOWN" && variable("FAKE_DEAF").empty()) return ship(), 0;
      if (!variable("FAKE_CRASH_AT").empty() && events == std::atoi(variable("FAKE_CRASH_AT").c_str())) std::abort();
      if (kind == "INVOKE") wait_for_done(text_at(event, "/requestId"));
    }
  }

 private:
  void subscribe() {
    const json::object body{
        {"schemaVersion", "2022-12-13"},
        {"types", json::array{"platform", "function", "extension"}},
        {"buffering", json::object{{"maxItems", 1000}, {"maxBytes", 262144}, {"timeoutMs", 25}}},
        {"destination",
         json::object{{"protocol", "HTTP"}, {"URI", "http://sandbox:" + std::to_string(receiver_.port()) + "/"}}}};
    api_.send("PUT", "/2022-07-01/telemetry", json::serialize(body), identity_);
  }

  json::value next() {
    if (!variable("FAKE_SECOND_NEXT").empty()) {
      std::thread([this] {
        std::this_thread::sleep_for(Milliseconds(50));
        HttpClient other("127.0.0.1", api_port_);
        std::printf("second next: %d\n", other.send("GET", "/2020-01-01/extension/event/next", {}, identity_).status);
        std::fflush(stdout);
      }).detach();
      unsetenv("FAKE_SECOND_NEXT");
    }
    const HttpReply reply = api_.send("GET", "/2020-01-01/extension/event/next", {}, identity_, -1);
    json::error_code error;
    json::value event = json::parse(reply.body, error);
    return error ? json::value() : event;
  }

  void wait_for_done(const std::string& id) {
    Lock lock(monitor_.mutex);
    monitor_.wait(lock, Clock::now() + std::chrono::seconds(2), [&] { return done_ == id; });
    lock.unlock();
    ship();
  }

  HttpAnswer take(const HttpRequest& request) {
    const Lock lock(monitor_.mutex);
    if (!variable("FAKE_TWICE_REFUSED").empty() && refused_++ < 2) return {500, "", {}};
    const json::value batch = json::parse(request.body);
    for (const json::value& event : batch.as_array()) {
      const std::string type = text_at(event, "/type"), record = text_at(event, "/record");
      if (type == "platform.start") current_ = text_at(event, "/record/requestId");
      if (type == "function") keep(record, stamp_ms(text_at(event, "/time")));
      if (type == "platform.runtimeDone") done_ = text_at(event, "/record/requestId");
    }
    monitor_.moved.notify_all();
    return {200, "OK", {}};
  }

  static std::int64_t stamp_ms(const std::string& time) {
    std::tm parts{};
    strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    return timegm(&parts) * 1000 + std::atoi(time.c_str() + 20);
  }

  void keep(std::string text, std::int64_t at) {
    ++received_;
    if (text.find("healthcheck") != std::string::npos) return void(++dropped_);
    if (const std::size_t card = text.find("4111 1111 1111 1111"); card != std::string::npos)
      text.replace(card, 19, "[card]");
    waiting_.push_back(
        json::object{{"message", json::object{{"message", text},
                                              {"lambda", json::object{{"arn", "arn"}, {"request_id", current_}}},
                                              {"timestamp", at},
                                              {"status", "info"}}},
                     {"ddsource", "lambda"},
                     {"ddtags", "fake:agent"},
                     {"service", ""},
                     {"hostname", "arn"}});
  }

  void ship() {
    Lock lock(monitor_.mutex);
    if (waiting_.empty()) return;
    const std::string body = json::serialize(waiting_);
    const std::size_t count = waiting_.size();
    lock.unlock();
    const HttpReply reply = intake_.send("POST", "/api/v2/logs", body, {{"Content-Type", "application/json"}});
    lock.lock();
    if (reply.status != 202) return;
    delivered_ += count;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  HttpAnswer route(const HttpRequest& request) {
    const Lock lock(monitor_.mutex);
    if (request.path != "/status") return {200, "{}", {}};
    const json::object line{{"plugin", "logs"},
                            {"received", received_},
                            {"delivered", delivered_},
                            {"dropped", json::object{{"rule", dropped_}}},
                            {"pending", waiting_.size()}};
    return {200, json::serialize(json::object{{"ledger", json::array{line}}}), {}};
  }

  Monitor monitor_;
  std::uint16_t api_port_;
  HttpClient api_, intake_;
  Headers identity_;
  std::string current_, done_;
  json::array waiting_;
  std::size_t received_ = 0, delivered_ = 0, dropped_ = 0;
  int refused_ = 0;
  HttpServer receiver_, routes_;
};

}  // namespace

int main(int, char** arguments) {
  const std::string path = arguments[0];
  FakeAgent agent;
  return agent.run(path.substr(path.rfind('/') + 1));
}
