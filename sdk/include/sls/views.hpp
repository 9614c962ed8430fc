// What the host passes into a call: the sandbox, the invocation, records, requests, packets and facts, as views.
//
// Every class here is a pointer to the C struct of plugin.h and reads through it; nothing is copied, nothing is kept
// alive. Members that a shorter struct of an older host does not have read as absent (empty, 0).
//
// Made by sls/door.hpp for each call; read by the plugin.
#pragma once

#include <sls/text.hpp>

#include <cstdint>

namespace sls {

enum class RecordKind : std::uint32_t {
  function = SLS_RECORD_FUNCTION,
  extension = SLS_RECORD_EXTENSION,
  init_start = SLS_RECORD_INIT_START,
  init_runtime_done = SLS_RECORD_INIT_RUNTIME_DONE,
  init_report = SLS_RECORD_INIT_REPORT,
  start = SLS_RECORD_START,
  runtime_done = SLS_RECORD_RUNTIME_DONE,
  report = SLS_RECORD_REPORT,
  restore_start = SLS_RECORD_RESTORE_START,
  restore_runtime_done = SLS_RECORD_RESTORE_RUNTIME_DONE,
  restore_report = SLS_RECORD_RESTORE_REPORT,
  logs_dropped = SLS_RECORD_LOGS_DROPPED,
  other = SLS_RECORD_OTHER
};
enum class Event : std::uint32_t {
  invoke = SLS_INVOKE,
  tracer_start = SLS_TRACER_START,
  tracer_end = SLS_TRACER_END,
  done = SLS_DONE,
  reported = SLS_REPORTED,
  shutdown = SLS_SHUTDOWN
};
enum class FlushReason : std::uint32_t {
  periodic = SLS_FLUSH_PERIODIC,
  invocation_end = SLS_FLUSH_INVOCATION_END,
  shutdown = SLS_FLUSH_SHUTDOWN
};
enum class Outcome : std::uint32_t {
  delivered = SLS_DELIVERED,
  rejected = SLS_REJECTED,
  expired = SLS_EXPIRED,
  dropped = SLS_DROPPED
};
enum SampleType : std::uint32_t { count = SLS_COUNT, gauge = SLS_GAUGE, distribution = SLS_DISTRIBUTION };

class Sandbox {
 public:
  explicit Sandbox(const sls_sandbox* raw) : raw_(raw) {}

  std::uint32_t generation() const { return detail::present(raw_, raw_->generation); }
  Text function_name() const { return detail::present(raw_, raw_->function_name); }
  Text function_arn() const { return detail::present(raw_, raw_->function_arn); }
  Text function_version() const { return detail::present(raw_, raw_->function_version); }
  Text region() const { return detail::present(raw_, raw_->region); }
  Text account_id() const { return detail::present(raw_, raw_->account_id); }
  Text runtime() const { return detail::present(raw_, raw_->runtime); }
  Text architecture() const { return detail::present(raw_, raw_->architecture); }
  Text init_type() const { return detail::present(raw_, raw_->init_type); }
  std::uint32_t memory_mb() const { return detail::present(raw_, raw_->memory_mb); }
  bool managed_instance() const { return detail::present(raw_, raw_->managed_instance) != 0; }
  Pairs tags() const { return detail::present(raw_, raw_->tags); }
  Text env() const { return detail::present(raw_, raw_->env); }
  Text service() const { return detail::present(raw_, raw_->service); }
  Text version() const { return detail::present(raw_, raw_->version); }
  Text site() const { return detail::present(raw_, raw_->site); }

  // The plugin's own options as canonical text; sls/options.hpp reads them with types.
  Pairs options() const { return detail::present(raw_, raw_->options); }
  Text option(std::string_view key, std::string_view otherwise = {}) const { return options().get(key, otherwise); }
  // Where an option's value comes from ("/var/task/datadog.yaml:12:5", "DD_X", "default").
  Text origin(std::string_view key) const { return Pairs(detail::present(raw_, raw_->origins)).get(key); }
  // Why the source of an option marked PROTECTS could not be read; empty: it could.
  Text unreadable(std::string_view key) const { return Pairs(detail::present(raw_, raw_->unreadable)).get(key); }
  const sls_sandbox& raw() const { return *raw_; }

 private:
  const sls_sandbox* raw_;
};

// One step of one invocation. What is not known is empty, 0 or negative.
class Invocation {
 public:
  explicit Invocation(sls_invocation* raw) : raw_(raw) {}

  Event event() const { return static_cast<Event>(raw_->event); }
  Text request_id() const { return raw_->request_id; }
  Text function_arn() const { return raw_->function_arn; }
  Pairs headers() const { return raw_->headers; }
  Text payload() const { return raw_->payload; }
  Text status() const { return raw_->status; }
  Text error_type() const { return raw_->error_type; }
  Text shutdown_reason() const { return raw_->shutdown_reason; }
  bool cold_start() const { return raw_->cold_start != 0; }
  bool proactive_init() const { return raw_->proactive_init != 0; }
  std::int64_t start_ns() const { return raw_->start_ns; }
  std::int64_t end_ns() const { return raw_->end_ns; }
  std::int64_t deadline_ns() const { return raw_->deadline_ns; }
  std::int64_t now_ns() const { return raw_->now_ns; }
  double duration_ms() const { return raw_->duration_ms; }
  double billed_ms() const { return raw_->billed_ms; }
  double init_ms() const { return raw_->init_ms; }
  std::uint64_t produced_bytes() const { return raw_->produced_bytes; }
  std::uint32_t memory_mb() const { return raw_->memory_mb; }
  std::uint32_t memory_used_mb() const { return raw_->memory_used_mb; }

  // tracer_start only: headers for the answer. The pairs are the plugin's and stay until its next call.
  void reply(std::span<const sls_pair> headers) const { raw_->reply = Pairs(headers); }
  const sls_invocation& raw() const { return *raw_; }

 private:
  sls_invocation* raw_;
};

// One element of a Telemetry API batch.
class Record {
 public:
  Record() = default;
  explicit Record(sls_record* raw) : raw_(raw) {}

  RecordKind kind() const { return static_cast<RecordKind>(raw_->kind); }
  std::int64_t time_ns() const { return raw_->time_ns; }
  Text type() const { return raw_->type; }
  Text request_id() const { return raw_->request_id; }
  Text json() const { return raw_->json; }
  Text text() const { return raw_->text; }
  bool has_text() const { return raw_->text.data != nullptr; }
  bool dropped() const { return (raw_->flags & SLS_RECORD_DROP) != 0; }

  // Not to be shipped; what counts still sees the record.
  void drop() const { raw_->flags |= SLS_RECORD_DROP; }
  // `text` is the plugin's and stays until its next on_telemetry or next_records. The unedited json goes too, so that
  // nobody behind ships what was hidden here.
  void replace_text(std::string_view text) const {
    raw_->text = text.data() == nullptr ? sls_str{"", 0} : str(text);
    raw_->json = {nullptr, 0};
  }
  sls_record& raw() const { return *raw_; }

 private:
  sls_record* raw_ = nullptr;
};

class Telemetry {
 public:
  explicit Telemetry(sls_telemetry* raw) : raw_(raw) {}

  class iterator {
   public:
    using value_type = Record;
    using difference_type = std::ptrdiff_t;
    using reference = Record&;
    using pointer = Record*;
    using iterator_category = std::input_iterator_tag;
    iterator() = default;
    iterator(char* at, char* end, std::size_t stride, std::uint32_t kinds)
        : at_(at), end_(end), stride_(stride), kinds_(kinds) {
      settle();
    }
    Record& operator*() const { return record_; }
    iterator& operator++() { return at_ += stride_, settle(), *this; }
    void operator++(int) { ++*this; }
    bool operator==(const iterator& other) const { return at_ == other.at_; }

   private:
    void settle() {
      for (; at_ != end_; at_ += stride_) {
        record_ = Record(reinterpret_cast<sls_record*>(at_));
        const std::uint32_t kind = record_.raw().kind;
        if (kinds_ == 0 || (kind < 32 && (kinds_ >> kind & 1u) != 0)) return;
      }
    }
    char* at_ = nullptr;
    char* end_ = nullptr;
    std::size_t stride_ = 0;
    std::uint32_t kinds_ = 0;
    mutable Record record_;
  };
  struct Filtered {
    iterator first, last;
    iterator begin() const { return first; }
    iterator end() const { return last; }
  };

  std::size_t size() const { return raw_->count; }
  bool empty() const { return raw_->count == 0; }
  std::int64_t now_ns() const { return raw_->now_ns; }
  Record operator[](std::size_t i) const { return Record(reinterpret_cast<sls_record*>(bytes() + i * raw_->stride)); }
  iterator begin() const { return make(bytes(), 0); }
  iterator end() const { return make(bytes_end(), 0); }

  // Only the records of these kinds, dropped ones included.
  template <class... Kinds>
  Filtered of_kind(Kinds... kinds) const {
    const std::uint32_t mask = ((1u << static_cast<std::uint32_t>(static_cast<RecordKind>(kinds))) | ...);
    return {make(bytes(), mask), make(bytes_end(), mask)};
  }
  sls_telemetry& raw() const { return *raw_; }

 private:
  char* bytes() const { return reinterpret_cast<char*>(raw_->records); }
  char* bytes_end() const { return bytes() + raw_->count * raw_->stride; }
  iterator make(char* at, std::uint32_t kinds) const { return {at, bytes_end(), raw_->stride, kinds}; }
  sls_telemetry* raw_;
};

// 64 readable bytes lie behind the body.
class Request {
 public:
  explicit Request(const sls_request* raw) : raw_(raw) {}
  std::uint32_t route() const { return raw_->route; }
  Text method() const { return raw_->method; }
  Text path() const { return raw_->path; }
  Text query() const { return raw_->query; }
  Pairs headers() const { return raw_->headers; }
  Text header(std::string_view name) const { return headers().header(name); }
  Text body() const { return raw_->body; }
  std::int64_t now_ns() const { return raw_->now_ns; }

 private:
  const sls_request* raw_;
};

// 64 readable bytes lie behind each packet.
class Packets {
 public:
  explicit Packets(const sls_packets* raw) : raw_(raw) {}
  std::uint32_t socket() const { return raw_->socket; }
  std::size_t size() const { return raw_->count; }
  bool empty() const { return raw_->count == 0; }
  Text operator[](std::size_t i) const { return raw_->packets[i]; }
  std::int64_t now_ns() const { return raw_->now_ns; }
  const sls_str* begin() const { return raw_->packets; }
  const sls_str* end() const { return raw_->packets + raw_->count; }

 private:
  const sls_packets* raw_;
};

class Flush {
 public:
  explicit Flush(const sls_flush* raw) : raw_(raw) {}
  FlushReason reason() const { return static_cast<FlushReason>(raw_->reason); }
  std::int64_t now_ns() const { return raw_->now_ns; }
  std::int64_t deadline_ns() const { return raw_->deadline_ns; }

 private:
  const sls_flush* raw_;
};

class Delivery {
 public:
  explicit Delivery(const sls_delivery* raw) : raw_(raw) {}
  Outcome outcome() const { return static_cast<Outcome>(raw_->outcome); }
  std::uint64_t cookie() const { return raw_->cookie; }
  std::uint64_t items() const { return raw_->items; }
  std::int32_t http_status() const { return raw_->http_status; }
  std::uint32_t attempts() const { return raw_->attempts; }

 private:
  const sls_delivery* raw_;
};

// A measurement that some plugin made; and what Host::sample posts. time_ns 0: the host's time.
struct Sample {
  Text name;
  SampleType type = SampleType::count;
  double value = 0;
  std::int64_t time_ns = 0;
  Pairs tags{};
};

// A fact about an invocation, from another plugin; and what Host::note posts.
struct Note {
  Text request_id, key, value;
};

}  // namespace sls
