#include "net/signals.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <utility>

namespace agent {
namespace {

struct Watch {
  Watch(Loop& loop, std::function<void(int)> action)
      : signals(loop.context(), SIGTERM, SIGINT, SIGHUP), on_signal(std::move(action)) {}
  boost::asio::signal_set signals;
  std::function<void(int)> on_signal;
};

void wait_for_next(std::shared_ptr<Watch> watch) {
  Watch& w = *watch;
  w.signals.async_wait([watch = std::move(watch)](const boost::system::error_code& error, int number) {
    if (error) return;
    watch->on_signal(number);
    wait_for_next(watch);
  });
}

}  // namespace

void on_termination(Loop& loop, std::function<void(int)> on_signal) {
  std::signal(SIGPIPE, SIG_IGN);
  wait_for_next(std::make_shared<Watch>(loop, std::move(on_signal)));
}

}  // namespace agent
