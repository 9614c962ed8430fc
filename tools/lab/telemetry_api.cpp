#include "lab/telemetry_api.hpp"

#include <charconv>

#include "lab/platform_events.hpp"
#include "lab/stamp.hpp"

namespace lab {
namespace {

constexpr std::size_t kWaitingBytesMax = 32 << 20;
constexpr std::size_t kWaitingEventsMax = 200000;
constexpr Milliseconds kResendAfter{50};
constexpr int kPostTimeoutMs = 10000;

std::string_view category_of(std::string_view type) {
  return type.substr(0, 9) == "platform." ? std::string_view("platform") : type;
}

bool between(const json::value& body, std::string_view pointer, double low, double high) {
  const json::value* value = find(body, pointer);
  return !value || (value->is_number() && number_of(value) >= low && number_of(value) <= high);
}

struct Destination {
  std::string host, path;
  std::uint16_t port = 0;
};

// "http://sandbox:4321/path"; sandbox and sandbox.localdomain are names of the loopback here.
std::optional<Destination> destination_of(const json::value& body) {
  std::string uri = text_at(body, "/destination/URI");
  if (text_at(body, "/destination/protocol") != "HTTP" || uri.rfind("http://", 0) != 0) return std::nullopt;
  uri.erase(0, 7);
  Destination to;
  const std::size_t slash = uri.find('/');
  to.path = slash == std::string::npos ? "/" : uri.substr(slash);
  const std::string authority = uri.substr(0, slash);
  const std::size_t colon = authority.find(':');
  to.host = authority.substr(0, colon);
  if (to.host != "sandbox" && to.host != "sandbox.localdomain") return std::nullopt;
  to.host = "127.0.0.1";
  if (colon == std::string::npos) return std::nullopt;
  const char* first = authority.data() + colon + 1;
  const char* last = authority.data() + authority.size();
  const auto parsed = std::from_chars(first, last, to.port);
  if (parsed.ec != std::errc() || parsed.ptr != last || to.port == 0) return std::nullopt;
  return to;
}

HttpAnswer refused(int status, std::string_view type, std::string_view message) {
  const json::object body{{"errorType", type}, {"errorMessage", message}};
  return {status, json::serialize(body), {{"Content-Type", "application/json"}}};
}

}  // namespace

TelemetryApi::TelemetryApi(Monitor& monitor) : monitor_(monitor), thread_([this] { deliver(); }) {}

void TelemetryApi::stop() {
  {
    const Lock lock(monitor_.mutex);
    stopped_ = true;
    monitor_.moved.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::string TelemetryApi::reason_to_refuse(const json::value& body) const {
  static const std::set<std::string> schemas{"2022-07-01", "2022-12-13", "2025-01-29"};
  static const std::set<std::string> categories{"platform", "function", "extension"};
  if (!body.is_object()) return "the body is no JSON object";
  if (schemas.count(text_at(body, "/schemaVersion")) == 0) return "schemaVersion is not known";
  if (managed_ && text_at(body, "/schemaVersion") != "2025-01-29") return "managed instances want schema 2025-01-29";
  if (!destination_of(body)) return "destination must be HTTP, http://sandbox.localdomain:PORT/PATH";
  const json::value* types = find(body, "/types");
  if (!types || !types->is_array() || types->get_array().empty()) return "types must be a list that is not empty";
  for (const json::value& type : types->get_array())
    if (!type.is_string() || categories.count(std::string(type.get_string())) == 0) return "types: " + text_of(&type);
  if (!between(body, "/buffering/maxItems", 1000, 10000)) return "buffering.maxItems must be 1000..10000";
  if (!between(body, "/buffering/maxBytes", 262144, 1048576)) return "buffering.maxBytes must be 262144..1048576";
  if (!between(body, "/buffering/timeoutMs", 25, 30000)) return "buffering.timeoutMs must be 25..30000";
  return {};
}

HttpAnswer TelemetryApi::subscribe(const HttpRequest& request, const std::string& name) {
  json::error_code error;
  const json::value body = json::parse(request.body, error);
  const auto to = !error && body.is_object() ? destination_of(body) : std::nullopt;
  // Stricter than the platform, which would find out with the first batch and try again.
  const bool listened = to && connect_to(to->host, to->port, kPostTimeoutMs);
  std::vector<std::string> types;
  {
    const Lock lock(monitor_.mutex);
    ++subscribed_;
    monitor_.moved.notify_all();
    if (instead_) return *instead_;
    const std::string reason = error ? "the body is no JSON" : reason_to_refuse(body);
    if (!reason.empty()) return refused(400, "ValidationError", reason);
    if (!listened) return refused(400, "ValidationError", "nobody listens there");
    host_ = to->host;
    path_ = to->path;
    port_ = to->port;
    for (const json::value& type : find(body, "/types")->get_array()) types.emplace_back(type.get_string());
    categories_ = {types.begin(), types.end()};
    items_max_ = static_cast<std::size_t>(number_at(body, "/buffering/maxItems", 10000));
    bytes_max_ = static_cast<std::size_t>(number_at(body, "/buffering/maxBytes", 262144));
    timeout_ = Milliseconds(static_cast<long>(number_at(body, "/buffering/timeoutMs", 1000)));
    subscription_ = body;
    ++generation_;
    const std::size_t before = waiting_.size();
    for (auto it = waiting_.begin(); it != waiting_.end();)
      if (wanted(it->type)) {
        ++it;
      } else {
        waiting_bytes_ -= it->text.size();
        it = waiting_.erase(it);
      }
    counts_.events -= before - waiting_.size();
  }
  emit("platform.telemetrySubscription", subscription_record(name, "Subscribed", types));
  return {200, "\"OK\"", {{"Content-Type", "application/json"}}};
}

void TelemetryApi::set_managed(bool managed) {
  const Lock lock(monitor_.mutex);
  managed_ = managed;
}

void TelemetryApi::answer_with(std::optional<HttpAnswer> answer) {
  const Lock lock(monitor_.mutex);
  instead_ = std::move(answer);
}

bool TelemetryApi::wanted(std::string_view type) const {
  return categories_.empty() || categories_.count(category_of(type)) != 0;
}

void TelemetryApi::emit(std::string_view type, const json::value& record, std::int64_t at_ms) {
  std::string text = R"({"time":")" + rfc3339(at_ms ? at_ms : wall_ms()) + R"(","type":")";
  text.append(type).append(R"(","record":)").append(json::serialize(record)).append("}");
  emit_text(std::string(type), std::move(text));
}

void TelemetryApi::emit_text(std::string type, std::string envelope) {
  const Lock lock(monitor_.mutex);
  enqueue({std::move(type), std::move(envelope)});
}

void TelemetryApi::enqueue(Event event) {
  if (!wanted(event.type)) return;
  ++counts_.events;
  if (waiting_bytes_ + event.text.size() > kWaitingBytesMax || waiting_.size() >= kWaitingEventsMax) {
    ++counts_.dropped;
    ++lost_events_;
    lost_bytes_ += event.text.size();
    return;
  }
  if (waiting_.empty()) oldest_ = Clock::now();
  waiting_bytes_ += event.text.size();
  waiting_.push_back(std::move(event));
  monitor_.moved.notify_all();
}

int TelemetryApi::post_raw(std::string_view body) {
  Lock lock(monitor_.mutex);
  HttpClient client(host_, port_);
  const std::string path = path_;
  const bool subscribed = subscription_.has_value();
  lock.unlock();
  return subscribed ? client.send("POST", path, body, {{"Content-Type", "application/json"}}).status : 0;
}

bool TelemetryApi::settle(Clock::time_point until) {
  Lock lock(monitor_.mutex);
  hurry_ = true;
  monitor_.moved.notify_all();
  const bool settled =
      monitor_.wait(lock, until, [this] { return !subscription_ || held_ || (waiting_.empty() && !in_flight_); });
  hurry_ = false;
  return settled && subscription_ && !held_;
}

void TelemetryApi::hold(bool held) {
  const Lock lock(monitor_.mutex);
  held_ = held;
  monitor_.moved.notify_all();
}

void TelemetryApi::forget_subscriber() {
  const Lock lock(monitor_.mutex);
  subscription_.reset();
  categories_.clear();
  counts_.dropped += waiting_.size();
  waiting_.clear();
  waiting_bytes_ = 0;
  ++generation_;
  monitor_.moved.notify_all();
}

bool TelemetryApi::due() const {
  if (waiting_.empty() || !subscription_ || held_) return false;
  return hurry_ || waiting_.size() >= items_max_ || waiting_bytes_ >= bytes_max_ || Clock::now() >= oldest_ + timeout_;
}

std::string TelemetryApi::take_batch(std::size_t& count) {
  if (lost_events_ != 0) {
    const json::object record{{"time", rfc3339(wall_ms())},
                              {"type", "platform.logsDropped"},
                              {"record", logs_dropped(lost_events_, lost_bytes_)}};
    waiting_.push_back({"platform.logsDropped", json::serialize(record)});
    waiting_bytes_ += waiting_.back().text.size();
    ++counts_.events;
    lost_events_ = lost_bytes_ = 0;
  }
  std::string body = "[";
  for (count = 0; !waiting_.empty() && count < items_max_; ++count) {
    const std::string& text = waiting_.front().text;
    if (count != 0 && body.size() + text.size() + 2 > bytes_max_) break;
    if (count != 0) body += ',';
    body += text;
    waiting_bytes_ -= text.size();
    waiting_.pop_front();
  }
  oldest_ = Clock::now();
  return body + "]";
}

void TelemetryApi::deliver() {
  HttpClient client("127.0.0.1", 0);
  unsigned connected_to = ~0u;
  for (;;) {
    Lock lock(monitor_.mutex);
    while (!stopped_ && !due()) {
      if (waiting_.empty() || !subscription_ || held_)
        monitor_.moved.wait(lock);
      else
        monitor_.moved.wait_until(lock, oldest_ + timeout_);
    }
    if (stopped_) return;
    std::size_t count = 0;
    const std::string body = take_batch(count);
    const unsigned generation = generation_;
    if (connected_to != generation) client = HttpClient(host_, port_);
    connected_to = generation;
    const std::string path = path_;
    in_flight_ = true;
    while (!stopped_ && generation == generation_) {
      lock.unlock();
      const int status = client.send("POST", path, body, {{"Content-Type", "application/json"}}, kPostTimeoutMs).status;
      lock.lock();
      ++counts_.batches;
      if (status >= 200 && status < 300) {
        counts_.delivered += count;
        count = 0;
        break;
      }
      ++counts_.failed_posts;
      monitor_.moved.wait_for(lock, kResendAfter, [&] { return stopped_ || generation != generation_; });
    }
    counts_.dropped += count;
    in_flight_ = false;
    monitor_.moved.notify_all();
  }
}

}  // namespace lab
