#include "lifecycle/background.hpp"

namespace agent {

Background::Background(Loop& loop, PluginSet& plugins, InvocationFeed& feed)
    : loop_(loop), plugins_(plugins), feed_(feed), has_work_(loop) {}

void Background::start() {
  plugins_.on_work([this] { has_work_.notify(); });
  loop_.spawn("work", work());
  for (const auto& plugin : plugins_.chain())
    if (plugin->running() && plugin->interests().tick_ns > 0) loop_.spawn("tick", tick(plugin->index()));
}

void Background::stop() {
  stopped_ = true;
  has_work_.notify();
}

Task<> Background::work() {
  while (!stopped_) {
    if (!plugins_.has_work()) {
      co_await has_work_.wait(kNever);
      continue;
    }
    plugins_.work_one();
    co_await yield(loop_);
  }
}

Task<> Background::tick(std::size_t index) {
  const Plugin& plugin = plugins_.at(index);
  const Nanos interval(plugin.interests().tick_ns);
  const bool while_invoked = plugin.interests().tick_when == SLS_TICK_WHILE_INVOKED;
  while (!stopped_ && plugin.running()) {
    if (while_invoked && !feed_.invocations().any_running()) {
      co_await feed_.changed().wait(kNever);
      continue;
    }
    co_await sleep_until(loop_, Now::read().steady + interval);
    if (!stopped_) plugins_.on_tick(index, to_ns(Now::read().wall));
  }
}

}  // namespace agent
