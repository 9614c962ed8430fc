#include "lifecycle/life.hpp"

#include <unistd.h>

#include <exception>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace agent {
namespace {

// On stderr: there is no log yet, and the platform shows what an extension that ends has said there.
void say_why_not_registered(const Error& error) {
  const std::string line = cat("serverless-agent: cannot register with the Lambda Extensions API: ", error.text, "\n");
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;  // nobody listens; the exit code says it too
}

Task<> live_registered(ExtensionsApi& api, House& house, RegisterAnswer registration) {
  house.build(registration);
  Status accepted;
  Result<std::string> body = house.subscription();
  if (!body) accepted = body.error();
  const bool asks = body && !body->empty();
  if (asks) {
    std::string subscription = *std::move(body);
    accepted = co_await api.send_subscription(std::move(subscription));
  }
  house.open();
  if (asks && accepted) accepted = co_await api.subscribed();
  co_await house.begin(accepted).run();
  house.end();
}

// What is left when everything else has failed.
Task<> idle(Loop& loop, ExtensionsApi& api) {
  Nanos pause = limits::kNextBackoffMin;
  while (true) {
    Result<NextEvent> event = co_await api.next();
    if (event && event->kind == NextEvent::Kind::kShutdown) co_return;
    if (event) {
      pause = limits::kNextBackoffMin;
      continue;
    }
    co_await sleep_until(loop, Now::read().steady + pause);
    pause = std::min<Nanos>(pause * 2, limits::kNextBackoffMax);
  }
}

Task<int> live(Loop& loop, ExtensionsApi& api, House& house, bool managed) {
  const House::Earlier earlier = house.earlier();
  if (earlier.idle_only && earlier.registered) {
    co_await idle(loop, api);
    co_return 0;
  }
  Status sent;
  if (!earlier.asked) sent = co_await api.send_register(managed);
  if (!sent) {
    say_why_not_registered(sent.error());
    co_return 1;
  }
  house.load();
  Result<RegisterAnswer> answer = earlier.registration;
  if (!earlier.registered) answer = co_await api.registration();
  if (!answer) {
    say_why_not_registered(answer.error());
    co_return 1;
  }
  std::string failure;
  try {
    RegisterAnswer registration = *std::move(answer);
    co_await live_registered(api, house, std::move(registration));
  } catch (const std::exception& exception) {
    failure = exception.what();
  }
  if (!failure.empty()) {
    log_error("the agent has failed (", failure, ") and only asks for events from now on; the function goes on");
    co_await idle(loop, api);
  }
  co_return 0;
}

Task<> live_to_the_end(Loop& loop, ExtensionsApi& api, House& house, bool managed, int& exit_code) {
  exit_code = co_await live(loop, api, house, managed);
  loop.stop();
}

}  // namespace

void run_life(Loop& loop, ExtensionsApi& api, House& house, bool managed, int& exit_code) {
  loop.spawn("life", live_to_the_end(loop, api, house, managed, exit_code));
}

}  // namespace agent
