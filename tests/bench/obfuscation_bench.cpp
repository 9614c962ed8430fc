// What obfuscation costs per byte, beside two floors over the same bytes: a copy, and a look at every byte. Counts
// allocations, too: texts are meant to need none.
#include <benchmark/benchmark.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "between/obfuscate.hpp"
#include "between/redis.hpp"
#include "between/sql.hpp"

static std::size_t allocations = 0;
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace traces;

// As object mappers and people write them.
constexpr std::string_view kStatements[] = {
    "SELECT id, name, email FROM users WHERE id = 42",
    "SELECT \"orders\".\"id\", \"orders\".\"customer_id\", \"orders\".\"total\", \"orders\".\"created_at\" FROM "
    "\"orders\" INNER JOIN \"customers\" ON \"customers\".\"id\" = \"orders\".\"customer_id\" WHERE "
    "\"customers\".\"email\" = 'ann@example.com' AND \"orders\".\"status\" IN ('open', 'paid', 'shipped') ORDER BY "
    "\"orders\".\"created_at\" DESC LIMIT 20 OFFSET 40",
    "INSERT INTO order_lines (order_id, sku, quantity, price, note) VALUES (1001, 'SKU-8812', 2, 19.99, NULL), (1001, "
    "'SKU-0031', 1, 4.50, 'gift wrap'), (1001, 'SKU-7755', 12, 0.99, NULL)",
    "UPDATE inventory SET quantity = quantity - 1, updated_at = NOW() WHERE sku = 'SKU-8812' AND warehouse_id = 7",
    "SELECT p.id AS product_id, p.name AS product_name, AVG(r.rating) AS rating, COUNT(*) AS reviews FROM products p "
    "LEFT JOIN reviews r ON r.product_id = p.id WHERE p.category_id = 13 AND p.deleted_at IS NULL GROUP BY p.id, "
    "p.name "
    "HAVING COUNT(*) > 5 ORDER BY rating DESC LIMIT 10 /* catalogue.top_rated */",
    "DELETE FROM sessions WHERE expires_at < '2024-05-06 07:08:09' AND user_id NOT IN (SELECT id FROM users WHERE "
    "remember_me = TRUE)",
    "SELECT COUNT(*) FROM `events` WHERE `events`.`tenant_id` = 314159 AND `events`.`kind` LIKE 'page%' AND "
    "`events`.`occurred_at` BETWEEN '2024-05-01' AND '2024-05-31'",
    "BEGIN",
};

std::size_t total_bytes() {
  std::size_t out = 0;
  for (const std::string_view each : kStatements) out += each.size();
  return out;
}

void report(benchmark::State& state, std::size_t bytes, std::size_t allocations_before) {
  state.SetBytesProcessed(static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) * bytes));
  state.counters["allocations/text"] =
      static_cast<double>(allocations - allocations_before)
      / static_cast<double>(static_cast<std::size_t>(state.iterations()) * std::size(kStatements));
}

void copying(benchmark::State& state) {
  std::string out;
  out.reserve(total_bytes());
  const std::size_t before = allocations;
  for (auto _ : state) {
    for (const std::string_view each : kStatements) {
      out.assign(each);
      benchmark::DoNotOptimize(out.data());
      benchmark::ClobberMemory();
    }
  }
  report(state, total_bytes(), before);
}

// How often the kind of character changes, told by a table.
void looking_at_every_byte(benchmark::State& state) {
  std::array<std::uint8_t, 256> kinds{};
  for (unsigned c = 0; c < 256; ++c)
    kinds[c] = std::isalnum(static_cast<int>(c)) != 0 ? 1 : std::isspace(static_cast<int>(c)) != 0 ? 2 : 0;
  const std::size_t before = allocations;
  std::size_t changes = 0;
  for (auto _ : state) {
    for (const std::string_view each : kStatements) {
      std::uint8_t last = 0;
      for (const char c : each) {
        const std::uint8_t kind = kinds[static_cast<unsigned char>(c)];
        if (kind != last) ++changes;
        last = kind;
      }
    }
    benchmark::DoNotOptimize(changes);
  }
  report(state, total_bytes(), before);
}

void sql(benchmark::State& state, SqlMode mode) {
  SqlObfuscator obfuscator({.mode = mode});
  const auto round = [&] {
    for (const std::string_view each : kStatements) benchmark::DoNotOptimize(obfuscator.obfuscate(each, Dbms::kOther));
  };
  round();
  const std::size_t before = allocations;
  for (auto _ : state) round();
  report(state, total_bytes(), before);
}

// A whole span with fifteen tags, of which two are its statement: what all of it costs, per span.
void span(benchmark::State& state, std::string_view type, std::string_view key, std::string_view text) {
  ObfuscationSettings settings{};
  settings.redis = settings.mongodb = settings.credit_cards = true;
  Obfuscator obfuscator(settings);
  Arena arena;
  Span given, span;
  given.type = type;
  given.resource = type == "sql" ? text : "GET /";
  given.meta = {{"component", "pg"},
                {"span.kind", "client"},
                {"db.user", "shop"},
                {"db.name", "shop"},
                {"db.type", "postgres"},
                {"out.host", "10.0.0.12"},
                {"env", "production"},
                {"version", "1.42.0"},
                {"language", "javascript"},
                {"runtime-id", "1d2c3b4a-5e6f-4a3b-8c7d-9e0f1a2b3c4d"},
                {"_dd.base_service", "checkout"},
                {"http.status_code", "200"},
                {"http.method", "GET"},
                {"network.destination.port", "5432"},
                {key, text}};
  const std::size_t before = allocations;
  for (auto _ : state) {
    span = given;
    obfuscator.apply(span, arena);
    benchmark::DoNotOptimize(span);
    arena.clear();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["allocations/span"] =
      static_cast<double>(allocations - before) / static_cast<double>(state.iterations());
}

BENCHMARK(copying);
BENCHMARK(looking_at_every_byte);
BENCHMARK_CAPTURE(sql, legacy, SqlMode::kLegacy);
BENCHMARK_CAPTURE(sql, obfuscate_only, SqlMode::kObfuscateOnly);
BENCHMARK_CAPTURE(sql, obfuscate_and_normalize, SqlMode::kObfuscateAndNormalize);
BENCHMARK_CAPTURE(span, custom, "custom", "note", "nothing to see");
BENCHMARK_CAPTURE(span, sql, "sql", "sql.query", kStatements[1]);
BENCHMARK_CAPTURE(span, http, "http", "http.url", "https://shop.example/orders/12/lines?expand=items");
BENCHMARK_CAPTURE(span, redis, "redis", "redis.raw_command", "SET session:4711 \"a value\" EX 3600");

}  // namespace
