// The Telemetry API: takes one subscription, buffers events as it asks for, delivers them, and again until they are
// taken.
//
// Events from before the subscription wait for it. A batch goes out when maxItems or maxBytes is reached or timeoutMs
// after its first event; an answer other than 2xx means the same batch again. What waits is bounded: beyond it the
// newest events are dropped, and a platform.logsDropped tells of it. Where it delivers to is the loopback, whatever
// name the destination has. Called by the platform's HTTP server and by the sandbox; one delivery thread of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "lab/http.hpp"
#include "lab/json.hpp"
#include "lab/monitor.hpp"

namespace lab {

class TelemetryApi {
 public:
  struct Counts {
    std::uint64_t events = 0, delivered = 0, dropped = 0, batches = 0, failed_posts = 0;
  };

  explicit TelemetryApi(Monitor& monitor);
  ~TelemetryApi() { stop(); }

  // PUT /2022-07-01/telemetry. `name`: of the extension that asks.
  HttpAnswer subscribe(const HttpRequest& request, const std::string& name);
  // Managed instances know one schema only.
  void set_managed(bool managed);
  // Answers the next subscriptions with this instead of taking them.
  void answer_with(std::optional<HttpAnswer> answer);

  // `at_ms` 0: now.
  void emit(std::string_view type, const json::value& record, std::int64_t at_ms = 0);
  void emit_text(std::string type, std::string envelope);  // one ready element of the batch, as it is
  // Posts a body at once, whatever it is; the answer's status (0: none).
  int post_raw(std::string_view body);

  // Every event so far was taken by the subscriber (true); or there is none, events are held back, or the time is over.
  bool settle(Clock::time_point until);
  // Nothing is delivered while it is held back.
  void hold(bool held);
  // The subscriber has gone: its subscription and what waited for it are forgotten; later events wait for the next one.
  void forget_subscriber();
  void stop();

  // Under the lock of the monitor.
  const std::optional<json::value>& subscription() const { return subscription_; }
  unsigned subscribed() const { return subscribed_; }
  Counts counts() const { return counts_; }

 private:
  struct Event {
    std::string type, text;
  };
  std::string reason_to_refuse(const json::value& body) const;
  bool wanted(std::string_view type) const;
  void enqueue(Event event);
  bool due() const;
  std::string take_batch(std::size_t& count);
  void deliver();

  Monitor& monitor_;
  std::deque<Event> waiting_;
  std::size_t waiting_bytes_ = 0, lost_events_ = 0, lost_bytes_ = 0;
  Clock::time_point oldest_;
  std::optional<json::value> subscription_;
  std::optional<HttpAnswer> instead_;
  std::set<std::string, std::less<>> categories_;
  std::size_t items_max_ = 10000, bytes_max_ = 262144;
  Milliseconds timeout_{1000};
  std::string host_, path_;
  std::uint16_t port_ = 0;
  unsigned subscribed_ = 0, generation_ = 0;
  bool managed_ = false, held_ = false, hurry_ = false, in_flight_ = false, stopped_ = false;
  Counts counts_;
  std::thread thread_;
};

}  // namespace lab
