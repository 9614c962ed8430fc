// A Datadog intake on the loopback: takes whatever an agent ships, decodes it, keeps it, and fails when told to.
//
// Faults are rules, asked in order: path, what to do, how often. A request counts as accepted when a 2xx was meant for
// it. Everything received is kept (or only counted, for long runs). Who wants to see requests as they come gives a
// callback, which is called on the connection's thread without a lock.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lab/http.hpp"
#include "lab/received.hpp"

namespace lab {

struct Fault {
  std::string path;  // part of the request's path; empty: every request
  Manner manner = Manner::kNormal;
  int status = 0;         // other than 0: answered instead of 202
  Milliseconds delay{0};  // before the answer
  int times = -1;         // -1: for ever
  Headers headers;
};

class Intake {
 public:
  struct Counts {
    std::uint64_t requests = 0, accepted = 0, refused = 0, broken = 0, wire_bytes = 0;
    std::uint64_t logs = 0, points = 0, sketches = 0, spans = 0;  // in accepted requests
  };
  using OnReceived = std::function<void(const Received&)>;

  explicit Intake(Monitor& monitor, std::string host = "127.0.0.1");
  ~Intake() { stop(); }

  std::string url() const;
  unsigned connections() const { return server_->connections(); }
  void add(Fault fault);
  void heal();  // forgets the faults, cuts what hangs, and listens again
  void down() { server_->go_down(); }
  void up() { server_->come_up(); }
  void stop() { server_->stop(); }
  void on_received(OnReceived callback) { on_received_ = std::move(callback); }  // before anything is sent
  void keep_nothing() { keep_ = false; }                                         // counts only; bodies are not decoded

  // Under the lock of the monitor.
  const std::deque<Received>& received() const { return received_; }
  Counts counts() const { return counts_; }

 private:
  const Fault* fault_for(const HttpRequest& request);
  HttpAnswer take(const HttpRequest& request, const HttpServer::Gone& gone);

  Monitor& monitor_;
  std::string host_;
  std::deque<Fault> faults_;
  std::deque<Received> received_;
  Counts counts_;
  OnReceived on_received_;
  bool keep_ = true;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace lab
