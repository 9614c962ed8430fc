// Requests of a tracer, v0.4, as an ordinary web handler makes them: spans with 15 tags and 5 metrics, SQL and http
// resources. Used by traces_bench and trace_measures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bench {

inline std::string text(std::string_view value) {
  if (value.size() < 32) return std::string(1, static_cast<char>(0xa0 | value.size())).append(value);
  return std::string("\xd9").append(1, static_cast<char>(value.size())).append(value);
}
inline std::string number(std::uint64_t value) {
  std::string out("\xcf");
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}

// The same ones every run; ids differ from body to body, since spans that came before are dropped.
class Random {
 public:
  std::uint64_t below(std::uint64_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % limit;
  }

 private:
  std::uint64_t state_ = 11;
};

inline std::string trace_array(std::size_t count) {
  return {'\xdc', static_cast<char>(count >> 8), static_cast<char>(count)};
}

// Statements with their values inside, no two of them the same; or with parameters, the same text every time.
enum class Statements : std::uint8_t { kWithValues, kPrepared };

inline std::string statement(Random& random, Statements statements) {
  const std::string id = std::to_string(random.below(1'000'000));
  return "SELECT o.id, o.total, c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = "
         + (statements == Statements::kPrepared ? "$1" : id)
         + " AND o.state IN ('open', 'paid') ORDER BY o.created_at DESC LIMIT 20";
}

inline std::string span(Random& random, Statements statements, std::uint64_t trace, std::uint64_t id,
                        std::uint64_t parent) {
  const auto any = [&](std::uint64_t limit) { return std::to_string(random.below(limit)); };
  const bool sql = random.below(3) == 0;
  std::string out("\x8c");
  out += text("service") + text("checkout") + text("name") + text(sql ? "pg.query" : "web.request");
  out += text("resource") + text(sql ? statement(random, statements) : "GET /api/v1/orders/?");
  out += text("trace_id") + number(trace) + text("span_id") + number(id) + text("parent_id") + number(parent);
  out +=
      text("start") + number(1'700'000'000'000'000'000 + id * 1000) + text("duration") + number(random.below(1 << 27));
  out += text("error") + '\0' + text("type") + text(sql ? "sql" : "web");
  const std::pair<std::string_view, std::string> meta[] = {
      {"env", "prod"},
      {"version", "1.42.0"},
      {"language", "javascript"},
      {"component", "web"},
      {"span.kind", parent == 0 ? "server" : "client"},
      {"runtime-id", "5a3e1c1e-8a8d-4b57-9d0b-2f6f4c7f9c11"},
      {"http.url", "https://api.example.com/v1/orders/" + any(10'000'000) + "?token=abc&page=3"},
      {"http.method", "GET"},
      {"http.status_code", "200"},
      {"http.route", "/v1/orders/:id"},
      {"http.useragent", "Mozilla/5.0 (X11; Linux x86_64)"},
      {"out.host", "db-" + any(16) + ".internal.example.com"},
      {"db.name", "orders"},
      {"_dd.p.dm", "-1"},
      {"usr.id", "user-" + any(1'000'000)}};
  out += text("meta") + '\x8f';
  for (const auto& [key, value] : meta) out += text(key) + text(value);
  out += text("metrics") + '\x85';
  for (const std::string_view key :
       {"_sampling_priority_v1", "process_id", "_dd.measured", "network.destination.port", "_dd.agent_psr"})
    out += text(key) + '\x01';
  return out;
}

// Spans of a request that came before are dropped, so each gets ids of its own.
inline std::string trace_body(Statements statements, std::size_t traces, std::size_t spans) {
  static std::uint64_t number_of_body = 0;
  ++number_of_body;
  Random random;
  std::string out = trace_array(traces);
  for (std::uint64_t trace = 0; trace < traces; ++trace) {
    const std::uint64_t first = 1 + (number_of_body * traces + trace) * spans;
    out += trace_array(spans);
    for (std::uint64_t i = 0; i < spans; ++i) out += span(random, statements, first, first + i, i == 0 ? 0 : first);
  }
  return out;
}

}  // namespace bench
