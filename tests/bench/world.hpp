// The neighbours of one agent, as small as they can be, for measuring: the platform's APIs, an intake, a tracer.
//
// One thread, one poll loop, no allocation to speak of on the measured ways. It is not the lab: it knows no state rules
// and no faults, it only answers at once and reads clocks. A peer that does not do what is expected within a few
// seconds ends the program with a sentence. Used by world_bench.cpp.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

std::int64_t steady_ns();

struct Memory {
  std::uint64_t rss_bytes = 0, private_dirty_bytes = 0;
  std::uint64_t peak_rss_bytes = 0;  // since it was started
};

// A blocking keep-alive HTTP client: what a tracer or the platform's telemetry is to the agent.
class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  // Sends `request` (whole, as on the wire) and reads the answer whole; returns its status.
  int exchange(std::string_view request);

 private:
  int socket_;
  std::string input_;
};

// A whole POST with a body.
std::string post(std::string_view path, std::string_view headers, std::string_view body);

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Starts a program with exactly these variables besides the platform's own; returns when it has asked for its first
  // event. The time from fork to that question is start_ns().
  void start(const std::vector<std::string>& command, const std::vector<std::string>& environment);
  std::int64_t start_ns() const { return first_next_at_ - started_at_; }
  void kill();
  // SHUTDOWN, then waits for its end; returns the exit code.
  int shut_down();

  void answer_next(std::string_view event);  // it must be asking
  void wait_for_next();                      // until it asks again
  std::uint64_t nexts() const { return nexts_; }
  std::uint16_t telemetry_port() const { return telemetry_port_; }  // 0: not subscribed
  std::string intake_origin() const;
  std::uint64_t intake_requests() const { return intake_requests_; }
  // How it answers from now on. kDrip: a byte per second.
  enum class Intake { kWell, kMute, kForbidden, kDrip };
  void intake_is(Intake manner) { intake_manner_ = manner; }
  // Answers whoever asks, for so long.
  void serve_for(int milliseconds);

  pid_t pid() const { return pid_; }
  std::int64_t cpu_ns() const;  // user and system, all threads
  Memory memory() const;

 private:
  struct Connection {
    int socket = -1;
    bool is_intake = false;
    std::string input;
    std::string_view drip;  // what is left of a slow answer
    std::int64_t dripped_at = 0;
  };

  void turn(int timeout_ms);
  void accept_from(int listener, bool is_intake);
  bool read_from(Connection& connection);
  void serve(Connection& connection, std::string_view head, std::string_view body);
  void drop_connections();
  void drip();

  std::uint16_t api_port_ = 0, intake_port_ = 0, telemetry_port_ = 0;  // before the listeners, which set them
  int api_listener_, intake_listener_;
  std::vector<Connection> connections_;
  Intake intake_manner_ = Intake::kWell;
  int asking_ = -1;  // the socket that waits for an event
  pid_t pid_ = -1;
  std::int64_t started_at_ = 0, first_next_at_ = 0;
  std::uint64_t nexts_ = 0, intake_requests_ = 0;
};

// A network of its own with a loopback, so that the agent's fixed ports are free; false where that is not permitted.
bool enter_own_network();

}  // namespace bench
