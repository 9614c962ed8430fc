// An event is read once (X-31): the memory that it lies in tells how often.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <string>

#include "steps.hpp"

namespace {

using namespace steps;

// A text of which a few pages may be read at a time: reading another one opens it, closes the one that was opened
// longest ago, and counts.
class WatchedText {
 public:
  explicit WatchedText(std::string_view text) : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    pages_ = (text.size() + page_ - 1) / page_;
    begin_ =
        static_cast<char*>(::mmap(nullptr, pages_ * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (begin_ == MAP_FAILED) std::abort();
    std::memcpy(begin_, text.data(), text.size());
    text_ = {begin_, text.size()};
    ::mprotect(begin_, pages_ * page_, PROT_NONE);
    watched = this;
    struct sigaction action {};
    action.sa_sigaction = [](int, siginfo_t* fault, void*) {
      if (!watched->open(static_cast<char*>(fault->si_addr))) ::signal(SIGSEGV, SIG_DFL);
    };
    action.sa_flags = SA_SIGINFO;
    ::sigaction(SIGSEGV, &action, &before_);
  }
  ~WatchedText() {
    ::sigaction(SIGSEGV, &before_, nullptr);
    ::munmap(begin_, pages_ * page_);
    watched = nullptr;
  }
  WatchedText(const WatchedText&) = delete;
  WatchedText& operator=(const WatchedText&) = delete;

  std::string_view text() const { return text_; }
  std::size_t pages() const { return pages_; }
  std::size_t opened() const { return opened_; }

 private:
  // False: the fault is not of this text.
  bool open(char* at) {
    if (at < begin_ || at >= begin_ + pages_ * page_) return false;
    char* page = begin_ + static_cast<std::size_t>(at - begin_) / page_ * page_;
    char*& oldest = window_[opened_++ % window_.size()];
    if (oldest != nullptr) ::mprotect(oldest, page_, PROT_NONE);
    oldest = page;
    return ::mprotect(page, page_, PROT_READ) == 0;
  }

  static inline WatchedText* watched = nullptr;
  std::size_t page_, pages_ = 0, opened_ = 0;
  char* begin_ = nullptr;
  std::string_view text_;
  std::array<char*, 4> window_{};  // a read may touch two pages at once
  struct sigaction before_ {};
};

std::string queue_event(std::size_t records) {
  std::string event = R"({"Records":[)";
  for (std::size_t i = 0; i < records; ++i) {
    if (i != 0) event += ',';
    event += R"({"messageId":")" + std::to_string(i) + R"(","receiptHandle":"AQEB","body":")" + std::string(2000, 'b')
             + R"(","attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1523232000000"},)"
             + R"("messageAttributes":{"_datadog":{"dataType":"String","stringValue":)"
             + R"("{\"x-datadog-trace-id\":\"77\",\"x-datadog-parent-id\":\"5\"}"}},"eventSource":"aws:sqs",)"
             + R"("eventSourceARN":"arn:aws:sqs:us-east-2:123456789012:my-queue","awsRegion":"us-east-2"})";
  }
  return event + "]}";
}

void expect_read_once(std::string_view event, const Headers& answer) {
  const WatchedText watched(event);
  ASSERT_GT(watched.pages(), 100u);
  Steps steps;
  steps.invoke("r");
  EXPECT_EQ(steps.start("r", watched.text()), answer);
  // A second reading of all would open each page twice; the first pages hold what is looked for.
  EXPECT_GE(watched.opened(), watched.pages());
  EXPECT_LE(watched.opened(), watched.pages() + watched.pages() / 10);
}

TEST(EventReadOnce, OfAQueue) { expect_read_once(queue_event(300), {{"x-datadog-trace-id", "77"}}); }

TEST(EventReadOnce, OfAGatewayWithALargeBody) {
  expect_read_once(
      R"({"version":"2.0","routeKey":"POST /orders","rawPath":"/orders","headers":{"x-datadog-trace-id":"77",)"
      R"("x-datadog-parent-id":"5"},"requestContext":{"domainName":"x.execute-api.us-east-1.amazonaws.com",)"
      R"("apiId":"x","stage":"$default","timeEpoch":1583817383220,"http":{"method":"POST",)"
      R"("path":"/orders"}},"body":")"
          + std::string(600'000, 'b') + R"("})",
      {{"x-datadog-trace-id", "77"}});
}

TEST(EventReadOnce, OfNoKnownKind) {
  std::string items;
  for (int i = 0; i < 100'000; ++i) items += R"({"a":1},)";
  expect_read_once(R"({"items":[)" + items + "0]}", {});
}

}  // namespace
