// What the host offers to a plugin: a log, counters, and small facts posted to others.
//
// A handle of one pointer, copied freely. Every function of it tolerates a host that lacks the function. It is no way
// to send, sleep, read a clock or open anything: the host does that.
//
// Given to the plugin's constructor; used on the loop thread only, and only inside calls.
#pragma once

#include <sls/views.hpp>

#include <charconv>
#include <concepts>
#include <string>

namespace sls {

enum class LogLevel : std::int32_t {
  error = SLS_LOG_ERROR,
  warn = SLS_LOG_WARN,
  info = SLS_LOG_INFO,
  debug = SLS_LOG_DEBUG
};

namespace detail {
inline void append(std::string& out, std::string_view part) { out.append(part); }
inline void append(std::string& out, const char* part) { out.append(part); }
inline void append(std::string& out, std::same_as<bool> auto part) { out.append(part ? "true" : "false"); }
inline void append(std::string& out, char part) { out.push_back(part); }
template <class Number>
requires(std::integral<Number> || std::floating_point<Number>)
    && (!std::same_as<Number, bool>)void append(std::string& out, Number part) {
  char digits[40];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, part).ptr);
}
}  // namespace detail

// A counter of the plugin, shown under its id; one whose name begins "dropped." is part of the loss ledger.
class Counter {
 public:
  Counter() = default;
  Counter(const sls_host* host, std::uint32_t handle) : host_(host), handle_(handle) {}
  void add(std::uint64_t n = 1) const {
    if (host_ != nullptr && n != 0) host_->count(host_, handle_, n);
  }

 private:
  const sls_host* host_ = nullptr;
  std::uint32_t handle_ = 0;
};

class Host {
 public:
  explicit Host(const sls_host* raw) : raw_(raw) {}

  bool logs(LogLevel level) const {
    if (!detail::reaches(raw_, raw_->log) || raw_->log == nullptr) return false;
    return raw_->log_level == nullptr || static_cast<std::int32_t>(level) <= *raw_->log_level;
  }
  // Texts, characters, numbers: host.warn("port ", 8125, " is off"). Nothing is formatted when the level is off.
  // Never from the path of a log record: the agent's own output comes back as records.
  template <class... Parts>
  void error(const Parts&... parts) const {
    log(LogLevel::error, parts...);
  }
  template <class... Parts>
  void warn(const Parts&... parts) const {
    log(LogLevel::warn, parts...);
  }
  template <class... Parts>
  void info(const Parts&... parts) const {
    log(LogLevel::info, parts...);
  }
  template <class... Parts>
  void debug(const Parts&... parts) const {
    log(LogLevel::debug, parts...);
  }
  template <class... Parts>
  void log(LogLevel level, const Parts&... parts) const {
    if (!logs(level)) return;
    std::string text;
    (detail::append(text, parts), ...);
    raw_->log(raw_, static_cast<std::int32_t>(level), str(text));
  }

  // In the constructor. The same name gives the same counter.
  Counter counter(std::string_view name) const {
    const bool there = detail::reaches(raw_, raw_->count) && raw_->counter != nullptr && raw_->count != nullptr;
    return there ? Counter(raw_, raw_->counter(raw_, str(name))) : Counter();
  }
  // To whichever plugin takes samples; delivered after the running call.
  void sample(const Sample& sample) const {
    if (!detail::reaches(raw_, raw_->sample) || raw_->sample == nullptr) return;
    const sls_sample raw{sizeof raw, sample.type, sample.name, sample.value, sample.time_ns, sample.tags};
    raw_->sample(raw_, &raw);
  }
  // To the other plugins; delivered after the running call.
  void note(const Note& note) const {
    if (!detail::reaches(raw_, raw_->note) || raw_->note == nullptr) return;
    const sls_note raw{sizeof raw, 0, note.request_id, note.key, note.value};
    raw_->note(raw_, &raw);
  }
  // A named table of the host, or null.
  const void* extension(std::string_view id) const {
    if (!detail::reaches(raw_, raw_->extension) || raw_->extension == nullptr) return nullptr;
    return raw_->extension(raw_, str(id));
  }
  const sls_host* raw() const { return raw_; }

 private:
  const sls_host* raw_;
};

}  // namespace sls
