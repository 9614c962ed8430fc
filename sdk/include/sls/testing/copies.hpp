// What a test sees: copies of what a plugin handed out or posted, as plain values that own their bytes.
//
// Made by sls/testing.hpp at the moment at which a host would copy; compared by tests.
#pragma once

#include <sls/answers.hpp>
#include <sls/host.hpp>
#include <sls/testing/loan.hpp>

#include <algorithm>

namespace sls::testing {

inline std::string copy(sls_str bytes) { return std::string(Text(bytes)); }
inline Strings copy(sls_pairs pairs) {
  Strings out;
  for (Pair each : Pairs(pairs)) out.emplace_back(each.key, each.value);
  return out;
}
inline std::string find(const Strings& strings, std::string_view key) {
  for (const auto& [name, value] : strings)
    if (name == key) return value;
  return {};
}

struct LogLine {
  LogLevel level;
  std::string text;
};

struct PostedSample {
  std::string name;
  SampleType type;
  double value;
  std::int64_t time_ns;
  Strings tags;
};

struct PostedNote {
  std::string request_id, key, value;
};

// One record; what a test passes in and what comes out behind the plugin.
struct TelemetryRecord {
  RecordKind kind = RecordKind::function;
  std::string text{};
  std::string request_id{};
  std::string json{};
  std::string type{};
  std::int64_t time_ns = 0;  // 0: the driver's time
  bool dropped = false;
};

struct Answer {
  std::uint32_t status = 0;
  Strings headers;
  std::string body;
};

// A payload with its body put together as the host would.
struct HandedOut {
  struct Part {
    std::string bytes;
    std::uint64_t items;
  };
  std::uint32_t intake = 0;
  std::string url, method, path, content_type, body;
  Strings headers;
  Compress compress = Compress::none;
  std::int32_t level = 0;
  Auth auth = Auth::none;
  std::vector<Part> parts;
  std::uint64_t items = 0, compressed_bytes_max = 0, cookie = 0;

  static HandedOut from(const sls_payload& raw) {
    HandedOut out;
    out.intake = raw.intake;
    out.url = copy(raw.url), out.method = copy(raw.method), out.path = copy(raw.path);
    out.content_type = copy(raw.content_type), out.headers = copy(raw.headers);
    out.compress = static_cast<Compress>(raw.compress), out.level = raw.level;
    out.auth = static_cast<Auth>(raw.auth);
    out.compressed_bytes_max = raw.compressed_bytes_max, out.cookie = raw.cookie;
    out.body = copy(raw.prefix);
    for (std::size_t i = 0; i < raw.part_count; ++i) {
      if (i != 0) out.body += copy(raw.separator);
      out.parts.push_back({copy(raw.parts[i].bytes), raw.parts[i].items});
      out.body += out.parts.back().bytes;
      out.items += raw.parts[i].items;
    }
    out.body += copy(raw.suffix);
    return out;
  }
};

// received = handed_out + dropped + pending, at any moment.
struct Ledger {
  std::uint64_t received = 0, handed_out = 0, dropped = 0, pending = 0;
  bool balances() const { return received == handed_out + dropped + pending; }
};

}  // namespace sls::testing
