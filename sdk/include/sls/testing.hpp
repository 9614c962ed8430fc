// Drives a plugin in-process: no host, no shared object, no socket, no clock. The same calls give the same results.
//
//   sls::testing::Driver<ErrorCount> driver;
//   driver.invoke("req-1").log("ERROR boom").done();
//   EXPECT_EQ(driver.samples().size(), 1u);
//
// It calls as the host calls: one call at a time, next_records after on_telemetry and on_invocation, work until there
// is nothing left and then next_payload until empty at a flush. Everything lent to a call is overwritten when the call
// has returned. Breaches of the contract (an error status, a payload for an intake that does not exist, a host function
// called outside of a call, …) are collected in faults(), which a test expects to be empty.
//
// Knows no test framework. Not for shipped code.
#pragma once

#include <sls/door.hpp>
#include <sls/options.hpp>
#include <sls/testing/copies.hpp>

#include <map>
#include <optional>

namespace sls::testing {

// The sandbox that the plugin is created in. Options are given as the host would resolve them; a declared option that
// is not given gets its fallback.
struct Setup {
  Strings options{};
  Strings unreadable{};
  Strings tags{{"functionname", "demo"}, {"region", "eu-west-1"}};
  std::string function_name = "demo";
  std::string function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:demo";
  std::string function_version = "$LATEST", region = "eu-west-1", account_id = "123456789012", runtime = "nodejs20.x";
  std::string architecture = "x86_64", init_type = "on-demand", env = "test", service = "demo", version = "1";
  std::string site = "datadoghq.com";
  std::uint32_t memory_mb = 1024;
  std::int32_t log_level = SLS_LOG_DEBUG;
  std::int64_t now_ns = 1'700'000'000'000'000'000;
};

// Drives whatever a table describes; Driver<Plugin> is the way to it for a class.
class TableDriver {
 public:
  explicit TableDriver(const sls_plugin& table, Setup setup = {}) : table_(table), setup_(std::move(setup)) {
    now_ns_ = setup_.now_ns;
    host_ = make_host();
    create();
  }
  TableDriver(const TableDriver&) = delete;
  TableDriver& operator=(const TableDriver&) = delete;
  ~TableDriver() { destroy(); }

  // ---- what happened so far
  bool created() const { return self_ != nullptr; }
  const std::vector<LogLine>& logs() const { return logs_; }
  const std::vector<PostedSample>& samples() const { return samples_; }
  const std::vector<PostedNote>& notes() const { return notes_; }
  const std::vector<std::string>& faults() const { return faults_; }
  const std::vector<TelemetryRecord>& records() const { return records_; }  // went on behind the plugin
  const std::vector<TelemetryRecord>& dropped() const { return dropped_; }  // marked as not to be shipped
  const Strings& reply() const { return reply_; }  // headers that the last tracer_start asked for
  std::uint64_t counter(std::string_view name) const {
    const auto at = counter_handles_.find(std::string(name));
    return at == counter_handles_.end() ? 0 : counters_[at->second];
  }
  State state() {
    State out;
    if (!can(table_.state)) return out;
    auto* raw = loan_.one<sls_state>();
    run("state", [&] { return table_.state(self_, raw); });
    out = {raw->received, raw->pending_items, raw->pending_bytes};
    loan_.take_back();
    return out;
  }
  Ledger ledger() {
    const State state = this->state();
    Ledger out{state.received, handed_out_items_, 0, state.pending_items};
    for (const auto& [name, handle] : counter_handles_)
      if (name.starts_with("dropped.")) out.dropped += counters_[handle];
    return out;
  }

  // ---- what it asked for
  const std::vector<Route>& routes() const { return routes_; }
  const std::vector<Socket>& sockets() const { return sockets_; }
  const std::vector<std::vector<Endpoint>>& intakes() const { return intakes_; }
  std::uint32_t telemetry_kinds() const { return telemetry_kinds_; }
  std::int64_t tick_ns() const { return tick_ns_; }

  // ---- time
  std::int64_t now_ns() const { return now_ns_; }
  TableDriver& advance(std::chrono::nanoseconds by) { return now_ns_ += by.count(), *this; }

  // ---- an invocation
  TableDriver& invoke(std::string_view request_id) {
    request_id_ = request_id;
    start_ns_ = now_ns_;
    return step(SLS_INVOKE, {});
  }
  TableDriver& tracer_start(std::string_view payload, const Strings& headers = {}) {
    return step(SLS_TRACER_START, {.payload = payload, .headers = &headers});
  }
  TableDriver& tracer_end(std::string_view payload, const Strings& headers = {}) {
    return step(SLS_TRACER_END, {.payload = payload, .headers = &headers});
  }
  TableDriver& done(std::string_view status = "success", std::string_view error_type = {}) {
    return step(SLS_DONE, {.status = status, .error_type = error_type});
  }
  TableDriver& reported(std::string_view status = "success", double duration_ms = 1, double billed_ms = 1) {
    return step(SLS_REPORTED, {.status = status, .duration_ms = duration_ms, .billed_ms = billed_ms});
  }
  TableDriver& shutdown(std::string_view reason = "spindown") { return step(SLS_SHUTDOWN, {.reason = reason}); }

  // ---- records; what goes on behind the plugin is in records(), the rest in dropped()
  TableDriver& log(std::string_view text) { return telemetry({{.text = std::string(text)}}); }
  TableDriver& telemetry(const std::vector<TelemetryRecord>& batch) {
    if (!can(table_.on_telemetry)) return records_.insert(records_.end(), batch.begin(), batch.end()), *this;
    auto* raw = loan_.one<sls_telemetry>();
    raw->stride = sizeof(sls_record), raw->count = batch.size(), raw->now_ns = now_ns_;
    raw->records = loan_.array<sls_record>(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) lend(batch[i], raw->records[i]);
    run("on_telemetry", [&] { return table_.on_telemetry(self_, raw); });
    keep(*raw);
    loan_.take_back();
    return release_records();
  }

  // ---- requests and packets
  // The route is found as the host finds it: method and path among those that were asked for; status 404 without one.
  Answer request(std::string_view method, std::string_view path, std::string_view body = {},
                 const Strings& headers = {}) {
    const std::size_t route = find_route(method, path);
    if (route == routes_.size() || !can(table_.on_request)) return {404, {}, {}};
    auto* in = loan_.one<sls_request>();
    auto* out = loan_.one<sls_response>();
    in->route = static_cast<std::uint32_t>(route);
    in->method = loan_.bytes(method);
    const std::size_t query = std::min(path.find('?'), path.size());
    in->path = loan_.bytes(path.substr(0, query));
    in->query = loan_.bytes(path.substr(std::min(query + 1, path.size())));
    in->headers = loan_.pairs(headers), in->body = loan_.body(body), in->now_ns = now_ns_;
    const sls_status status = run("on_request", [&] { return table_.on_request(self_, in, out); });
    Answer answer{status == SLS_OK ? out->status : 500, {}, {}};
    if (status == SLS_OK) answer.headers = copy(out->headers), answer.body = copy(out->body);
    loan_.take_back();
    return answer;
  }
  TableDriver& packets(const std::vector<std::string>& packets, std::uint32_t socket = 0) {
    if (!can(table_.on_packets)) return *this;
    auto* in = loan_.one<sls_packets>();
    auto* all = loan_.array<sls_str>(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i) all[i] = loan_.body(packets[i]);
    in->socket = socket, in->count = packets.size(), in->packets = all, in->now_ns = now_ns_;
    run("on_packets", [&] { return table_.on_packets(self_, in); });
    loan_.take_back();
    return *this;
  }

  // ---- facts
  TableDriver& sample(const PostedSample& sample) {
    if (!can(table_.on_sample)) return *this;
    auto* in = loan_.one<sls_sample>();
    in->type = sample.type, in->name = loan_.bytes(sample.name), in->value = sample.value;
    in->time_ns = sample.time_ns == 0 ? now_ns_ : sample.time_ns, in->tags = loan_.pairs(sample.tags);
    run("on_sample", [&] { return table_.on_sample(self_, in); });
    loan_.take_back();
    return *this;
  }
  TableDriver& note(const PostedNote& note) {
    if (!can(table_.on_note)) return *this;
    auto* in = loan_.one<sls_note>();
    in->request_id = loan_.bytes(note.request_id), in->key = loan_.bytes(note.key), in->value = loan_.bytes(note.value);
    run("on_note", [&] { return table_.on_note(self_, in); });
    loan_.take_back();
    return *this;
  }
  TableDriver& tick() {
    if (can(table_.on_tick)) run("on_tick", [&] { return table_.on_tick(self_, now_ns_); });
    return *this;
  }
  // Another generation of the sandbox; `change` edits the setup that the plugin was created with.
  template <class Change>
  TableDriver& learn(Change change) {
    change(setup_);
    ++generation_;
    if (!can(table_.on_sandbox)) return *this;
    const sls_sandbox* sandbox = lend_sandbox();
    run("on_sandbox", [&] { return table_.on_sandbox(self_, sandbox); });
    loan_.take_back();
    return *this;
  }

  // ---- work and flush
  // One unit; false: nothing is left to do.
  bool work_once() {
    return can(table_.work) && run("work", [&] { return table_.work(self_); }) == SLS_OK;
  }
  // All units; returns how many.
  std::size_t work() {
    std::size_t units = 0;
    while (units < kUnitsMax && work_once()) ++units;
    if (units == kUnitsMax) faults_.push_back("work never says that nothing is left");
    return units;
  }
  // Works off, then pulls every payload.
  std::vector<HandedOut> flush(FlushReason reason = FlushReason::periodic) {
    work();
    std::vector<HandedOut> out;
    while (out.size() < kPayloadsMax) {
      std::optional<HandedOut> payload = pull(reason);
      if (!payload) return out;
      out.push_back(std::move(*payload));
    }
    faults_.push_back("next_payload never says that it is empty");
    return out;
  }
  TableDriver& deliver(const HandedOut& payload, Outcome outcome = Outcome::delivered, std::int32_t http_status = 202) {
    if (!can(table_.on_delivery)) return *this;
    auto* in = loan_.one<sls_delivery>();
    in->outcome = static_cast<std::uint32_t>(outcome), in->cookie = payload.cookie, in->items = payload.items;
    in->http_status = http_status, in->attempts = 1;
    run("on_delivery", [&] { return table_.on_delivery(self_, in); });
    loan_.take_back();
    return *this;
  }

  // Ends the plugin; nothing but the looks at what happened may follow.
  void destroy() {
    if (self_ == nullptr) return;
    inside_ = true;
    table_.destroy(self_);
    inside_ = false;
    self_ = nullptr;
  }

 protected:
  void* self() const { return self_; }

 private:
  static constexpr std::size_t kUnitsMax = 1'000'000, kPayloadsMax = 10'000;

  struct FakeHost : sls_host {
    TableDriver* driver = nullptr;
  };
  struct Step {
    std::string_view payload{}, status{}, error_type{}, reason{};
    const Strings* headers = nullptr;
    double duration_ms = -1, billed_ms = -1;
  };

  static TableDriver& of(const sls_host* host, const char* function) {
    TableDriver& driver = *static_cast<const FakeHost*>(host)->driver;
    if (!driver.inside_) driver.faults_.push_back(std::string(function) + " was called outside of a call");
    return driver;
  }
  FakeHost make_host() {
    FakeHost host;
    host.size = sizeof(sls_host), host.abi_minor = SLS_ABI_MINOR, host.driver = this;
    host.log_level = &setup_.log_level;
    host.log = [](const sls_host* h, std::int32_t level, sls_str text) {
      of(h, "log").logs_.push_back({static_cast<LogLevel>(level), copy(text)});
    };
    host.counter = [](const sls_host* h, sls_str name) {
      TableDriver& driver = of(h, "counter");
      const auto [at, fresh] = driver.counter_handles_.emplace(copy(name), driver.counters_.size());
      if (fresh) driver.counters_.push_back(0);
      return static_cast<std::uint32_t>(at->second);
    };
    host.count = [](const sls_host* h, std::uint32_t counter, std::uint64_t n) {
      TableDriver& driver = of(h, "count");
      if (counter < driver.counters_.size())
        driver.counters_[counter] += n;
      else
        driver.faults_.push_back("count was called with a handle that counter never gave");
    };
    host.sample = [](const sls_host* h, const sls_sample* s) {
      of(h, "sample")
          .samples_.push_back({copy(s->name), static_cast<SampleType>(s->type), s->value, s->time_ns, copy(s->tags)});
    };
    host.note = [](const sls_host* h, const sls_note* n) {
      of(h, "note").notes_.push_back({copy(n->request_id), copy(n->key), copy(n->value)});
    };
    host.extension = [](const sls_host*, sls_str) -> const void* { return nullptr; };
    return host;
  }

  template <class Slot>
  bool can(Slot* slot) const {
    return self_ != nullptr && slot != nullptr;
  }
  template <class Call>
  sls_status run(const char* slot, Call&& call) {
    inside_ = true;
    const sls_status status = call();
    inside_ = false;
    if (status < 0) faults_.push_back(std::string(slot) + " returned " + std::to_string(status));
    return status;
  }

  void create() {
    const sls_sandbox* sandbox = lend_sandbox();
    void* self = nullptr;
    if (run("create", [&] { return table_.create(&host_, sandbox, &self); }) == SLS_OK) self_ = self;
    loan_.take_back();
    if (!can(table_.interests)) return;
    auto* out = loan_.one<sls_interests>();
    if (run("interests", [&] { return table_.interests(self_, out); }) == SLS_OK) keep(*out);
    loan_.take_back();
  }
  void keep(const sls_interests& in) {
    telemetry_kinds_ = in.telemetry_kinds;
    tick_ns_ = in.tick_ns;
    for (std::size_t i = 0; i < in.route_count; ++i)
      routes_.push_back({copy(in.routes[i].address), copy(in.routes[i].method), copy(in.routes[i].path),
                         in.routes[i].body_bytes_max});
    for (std::size_t i = 0; i < in.socket_count; ++i)
      sockets_.push_back({copy(in.sockets[i].address), static_cast<Framing>(in.sockets[i].framing),
                          in.sockets[i].receive_buffer_bytes, in.sockets[i].packet_bytes_max});
    for (std::size_t i = 0; i < in.intake_count; ++i) {
      auto& endpoints = intakes_.emplace_back();
      for (std::size_t j = 0; j < in.intakes[i].endpoint_count; ++j)
        endpoints.push_back({copy(in.intakes[i].endpoints[j].url), copy(in.intakes[i].endpoints[j].api_key)});
    }
    if (!routes_.empty() && table_.on_request == nullptr) faults_.push_back("routes without on_request");
    if (!sockets_.empty() && table_.on_packets == nullptr) faults_.push_back("sockets without on_packets");
  }
  const sls_sandbox* lend_sandbox() {
    auto* out = loan_.one<sls_sandbox>();
    out->generation = generation_, out->memory_mb = setup_.memory_mb;
    const std::pair<sls_str*, const std::string*> texts[] = {{&out->function_name, &setup_.function_name},
                                                             {&out->function_arn, &setup_.function_arn},
                                                             {&out->function_version, &setup_.function_version},
                                                             {&out->region, &setup_.region},
                                                             {&out->account_id, &setup_.account_id},
                                                             {&out->runtime, &setup_.runtime},
                                                             {&out->architecture, &setup_.architecture},
                                                             {&out->init_type, &setup_.init_type},
                                                             {&out->env, &setup_.env},
                                                             {&out->service, &setup_.service},
                                                             {&out->version, &setup_.version},
                                                             {&out->site, &setup_.site}};
    for (const auto& [to, from] : texts) *to = loan_.bytes(*from);
    out->tags = loan_.pairs(setup_.tags);
    Strings origins;
    for (const auto& [key, value] : setup_.options) origins.emplace_back(key, "test");
    out->options = loan_.pairs(setup_.options);
    out->origins = loan_.pairs(origins);
    out->unreadable = loan_.pairs(setup_.unreadable);
    return out;
  }
  void lend(const TelemetryRecord& from, sls_record& to) {
    const bool ours = from.kind == RecordKind::function || from.kind == RecordKind::extension;
    to.kind = static_cast<std::uint32_t>(from.kind);
    to.flags = from.dropped ? SLS_RECORD_DROP : 0;
    to.time_ns = from.time_ns == 0 ? now_ns_ : from.time_ns;
    to.type = loan_.bytes(!from.type.empty()                   ? from.type
                          : from.kind == RecordKind::extension ? "extension"
                                                               : "function");
    to.request_id = loan_.bytes(from.request_id.empty() ? request_id_ : from.request_id);
    to.json = loan_.bytes(from.json);
    to.text = ours ? loan_.bytes(from.text, 1) : loan_.bytes(from.text);
  }
  void keep(const sls_telemetry& batch) {
    for (Record record : Telemetry(const_cast<sls_telemetry*>(&batch))) {
      TelemetryRecord copied{record.kind(),
                             std::string(record.text()),
                             std::string(record.request_id()),
                             std::string(record.json()),
                             std::string(record.type()),
                             record.time_ns(),
                             record.dropped()};
      (copied.dropped ? dropped_ : records_).push_back(std::move(copied));
    }
  }
  TableDriver& release_records() {
    for (std::size_t n = 0; can(table_.next_records); ++n) {
      if (n == kPayloadsMax) return faults_.push_back("next_records never says that it is empty"), *this;
      auto* out = loan_.one<sls_telemetry>();
      const sls_status status = run("next_records", [&] { return table_.next_records(self_, out); });
      if (status == SLS_OK) keep(*out);
      loan_.take_back();
      if (status != SLS_OK) break;
    }
    return *this;
  }
  TableDriver& step(std::uint32_t event, const Step& step) {
    if (!can(table_.on_invocation)) return *this;
    auto* in = loan_.one<sls_invocation>();
    in->event = event, in->now_ns = now_ns_, in->start_ns = start_ns_;
    in->request_id = loan_.bytes(request_id_), in->function_arn = loan_.bytes(setup_.function_arn);
    in->payload = loan_.body(step.payload);
    if (step.headers != nullptr) in->headers = loan_.pairs(*step.headers);
    in->status = loan_.bytes(step.status), in->error_type = loan_.bytes(step.error_type);
    in->shutdown_reason = loan_.bytes(step.reason);
    in->duration_ms = step.duration_ms, in->billed_ms = step.billed_ms, in->init_ms = -1;
    in->memory_mb = setup_.memory_mb;
    run("on_invocation", [&] { return table_.on_invocation(self_, in); });
    if (event == SLS_TRACER_START) reply_ = copy(in->reply);
    loan_.take_back();
    return release_records();
  }
  std::size_t find_route(std::string_view method, std::string_view path) const {
    path = path.substr(0, path.find('?'));
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const std::string_view wanted = routes_[i].path;
      const bool prefix = wanted.ends_with('*') && path.starts_with(wanted.substr(0, wanted.size() - 1));
      const std::string methods = "|" + routes_[i].method + "|", one = "|" + std::string(method) + "|";
      if ((wanted == path || prefix) && methods.find(one) != methods.npos) return i;
    }
    return routes_.size();
  }
  std::optional<HandedOut> pull(FlushReason reason) {
    if (!can(table_.next_payload)) return std::nullopt;
    auto* flush = loan_.one<sls_flush>();
    flush->reason = static_cast<std::uint32_t>(reason), flush->now_ns = now_ns_;
    flush->deadline_ns = now_ns_ + 1'000'000'000;
    auto* out = loan_.one<sls_payload>();
    std::optional<HandedOut> payload;
    if (run("next_payload", [&] { return table_.next_payload(self_, flush, out); }) == SLS_OK) {
      if (out->part_count != 0 && out->parts == nullptr) {
        faults_.push_back("a payload that counts parts but points at none");
        out->part_count = 0;
      }
      payload = HandedOut::from(*out);
      handed_out_items_ += payload->items;
      if (out->url.len == 0 && out->intake >= intakes_.size()) faults_.push_back("a payload for an unknown intake");
    }
    loan_.take_back();
    return payload;
  }

  const sls_plugin& table_;
  Setup setup_;
  FakeHost host_{};
  Loan loan_;
  void* self_ = nullptr;
  bool inside_ = false;
  std::uint32_t generation_ = 1, telemetry_kinds_ = 0;
  std::int64_t now_ns_ = 0, start_ns_ = 0, tick_ns_ = 0;
  std::string request_id_;
  std::uint64_t handed_out_items_ = 0;
  std::vector<Route> routes_;
  std::vector<Socket> sockets_;
  std::vector<std::vector<Endpoint>> intakes_;
  std::map<std::string, std::size_t> counter_handles_;
  std::vector<std::uint64_t> counters_;
  std::vector<LogLine> logs_;
  std::vector<PostedSample> samples_;
  std::vector<PostedNote> notes_;
  std::vector<std::string> faults_;
  std::vector<TelemetryRecord> records_, dropped_;
  Strings reply_;
};

namespace detail {
template <class P>
constexpr About about_of() {
  About about{.id = "under-test", .version = "0.0.0", .about = "A plugin under test."};
  if constexpr (requires { P::Options::rows(); }) about.options = option_table<typename P::Options>();
  return about;
}
template <class P>
inline constexpr sls_plugin kTable = table<P>(about_of<P>());
}  // namespace detail

// Drives a plugin's class. Its options are those of its member type Options, if it has one.
template <class P>
class Driver : public TableDriver {
 public:
  explicit Driver(Setup setup = {}) : TableDriver(detail::kTable<P>, std::move(setup)) {}
  P& plugin() { return static_cast<sls::detail::Door<P>*>(self())->plugin(); }
};

}  // namespace sls::testing
