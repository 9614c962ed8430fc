#include "net/offload.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace agent {
namespace {

namespace asio = boost::asio;

struct Work {
  Work(Loop& loop, std::function<void()> what) : job(std::move(what)), changed(loop) {}
  std::function<void()> job;
  Signal changed;     // of the loop, as is
  bool done = false;  // this
};

}  // namespace

struct Offload::State {
  explicit State(Loop& where) : loop(where) {}

  void add(std::shared_ptr<Work> work);
  void work_off();

  Loop& loop;
  std::mutex mutex;  // of the two below
  std::deque<std::shared_ptr<Work>> waiting;
  bool stopping = false;
  std::condition_variable changed;
  std::thread worker;
};

void Offload::State::add(std::shared_ptr<Work> work) {
  {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(work));
  }
  if (!worker.joinable()) worker = std::thread([this] { work_off(); });
  changed.notify_one();
}

void Offload::State::work_off() {
  while (true) {
    std::shared_ptr<Work> work;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stopping || !waiting.empty(); });
      if (stopping) return;
      work = std::move(waiting.front());
      waiting.pop_front();
    }
    work->job();
    // Moved: the loop is the last one to hold it.
    asio::post(loop.context(), [finished = std::move(work)] {
      finished->done = true;
      finished->changed.notify();
    });
  }
}

Offload::Offload(Loop& loop) : state_(std::make_shared<State>(loop)) {}

Offload::~Offload() {
  State& s = *state_;
  {
    const std::lock_guard lock(s.mutex);
    s.stopping = true;
  }
  s.changed.notify_one();
  if (s.worker.joinable()) s.worker.join();
}

Task<> Offload::run(std::function<void()> job) {
  const auto work = std::make_shared<Work>(state_->loop, std::move(job));
  state_->add(work);
  while (!work->done) co_await work->changed.wait(kNever);
}

namespace {

// What the two threads share. The event is an eventfd, since the loop may have ended when the job does.
struct Meeting {
  explicit Meeting(std::function<void()> what)
      : job(std::move(what)), event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Meeting() {
    if (event >= 0) ::close(event);
  }
  std::function<void()> job;
  int event;
  std::atomic<bool> done{false};
};

std::atomic<int> detached_running{0};

void run_and_tell(const std::shared_ptr<Meeting>& meeting) {
  meeting->job();
  meeting->done.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(meeting->event, &one, sizeof one);
  detached_running.fetch_sub(1, std::memory_order_relaxed);
}

bool start(const std::shared_ptr<Meeting>& meeting) {
  if (meeting->event < 0) return false;
  if (detached_running.fetch_add(1, std::memory_order_relaxed) < kDetachedMax) {
    try {
      std::thread([meeting] { run_and_tell(meeting); }).detach();
      return true;
    } catch (const std::system_error&) {
    }
  }
  detached_running.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace

Task<Detached> run_detached(Loop& loop, std::function<void()> job, Steady deadline) {
  const auto meeting = std::make_shared<Meeting>(std::move(job));
  if (!start(meeting)) co_return Detached::kFull;
  boost::system::error_code error;
  const auto event = std::make_shared<asio::posix::stream_descriptor>(loop.context());
  event->assign(::dup(meeting->event), error);
  if (error) co_return Detached::kFull;
  asio::steady_timer timer(loop.context(), deadline);
  timer.async_wait([event](const boost::system::error_code& cancelled) {
    boost::system::error_code ignored;
    if (!cancelled) event->cancel(ignored);
  });
  co_await event->async_wait(asio::posix::stream_descriptor::wait_read,
                             asio::redirect_error(asio::use_awaitable, error));
  timer.cancel();
  co_return meeting->done.load(std::memory_order_acquire) ? Detached::kDone : Detached::kLate;
}

}  // namespace agent
