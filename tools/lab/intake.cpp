#include "lab/intake.hpp"

#include <algorithm>

#include "lab/decode.hpp"
#include "lab/sandbox_time.hpp"

namespace lab {
namespace {

// What Datadog's intakes answer when they are content.
int success_status(const std::string& path) { return path == "/api/v0.2/traces" ? 200 : 202; }

std::string success_body(const std::string& path) { return path == "/api/v2/series" ? R"({"errors":[]})" : "{}"; }

bool answers(Manner manner) {
  return manner == Manner::kNormal || manner == Manner::kDrip || manner == Manner::kCloseAfter
         || manner == Manner::kEndless;
}

// Of a body that is not read to its end: decided at the head of a request.
bool spoils_body(Manner manner) { return manner == Manner::kCutBody || manner == Manner::kSlowRead; }

bool concerns(const Fault& fault, const HttpRequest& request) {
  return fault.times != 0 && request.path.find(fault.path) != std::string::npos;
}

}  // namespace

Intake::Intake(Monitor& monitor, std::string host) : monitor_(monitor), host_(std::move(host)) {
  const auto at_head = [this](const HttpRequest& request) {
    const Lock lock(monitor_.mutex);
    for (Fault& fault : faults_) {
      if (!concerns(fault, request)) continue;
      if (!spoils_body(fault.manner)) return Manner::kNormal;
      if (fault.times > 0) --fault.times;
      ++counts_.requests;
      ++counts_.refused;
      monitor_.moved.notify_all();
      return fault.manner;
    }
    return Manner::kNormal;
  };
  server_ = std::make_unique<HttpServer>(
      [this](const HttpRequest& request, const HttpServer::Gone& gone) { return take(request, gone); }, at_head, host_);
}

std::string Intake::url() const { return "http://" + host_ + ":" + std::to_string(server_->port()); }

void Intake::add(Fault fault) {
  const Lock lock(monitor_.mutex);
  faults_.push_back(std::move(fault));
}

void Intake::heal() {
  {
    const Lock lock(monitor_.mutex);
    faults_.clear();
  }
  server_->let_go();
  server_->come_up();
}

const Fault* Intake::fault_for(const HttpRequest& request) {
  for (Fault& fault : faults_)
    if (concerns(fault, request) && !spoils_body(fault.manner)) {
      if (fault.times > 0) --fault.times;
      return &fault;
    }
  return nullptr;
}

HttpAnswer Intake::take(const HttpRequest& request, const HttpServer::Gone& gone) {
  HttpAnswer answer{success_status(request.path), success_body(request.path), {{"Content-Type", "application/json"}}};
  Milliseconds delay{0};
  {
    const Lock lock(monitor_.mutex);
    if (const Fault* fault = fault_for(request)) {
      if (fault->status != 0) answer.status = fault->status;
      answer.manner = fault->manner;
      answer.headers.insert(answer.headers.end(), fault->headers.begin(), fault->headers.end());
      delay = fault->delay;
    }
  }
  if (delay.count() > 0) pause_in_sandbox(delay, gone);

  Received received = decode(request, !keep_);
  received.status = answers(answer.manner) ? answer.status : 0;
  received.accepted = received.status >= 200 && received.status < 300;
  if (on_received_) on_received_(received);
  const Lock lock(monitor_.mutex);
  ++counts_.requests;
  ++(received.accepted ? counts_.accepted : counts_.refused);
  counts_.broken += received.broken.empty() ? 0 : 1;
  counts_.wire_bytes += received.wire_bytes;
  if (received.accepted) {
    counts_.logs += received.logs.size();
    counts_.points += received.series.size();
    counts_.sketches += received.sketches.size();
    counts_.spans += received.spans.size();
  }
  if (keep_) received_.push_back(std::move(received));
  monitor_.moved.notify_all();
  return answer;
}

}  // namespace lab
