// Any bytes as a Redis command, and as a value in commands that are none of the fuzzer's: the one ends, within its
// bounds; the other comes out as if nothing had been there.
#include <cstdint>
#include <string>
#include <string_view>

#include "between/redis.hpp"
#include "require.hpp"

namespace {

using namespace traces;

// A * stands for the value.
constexpr std::string_view kCommands[] = {
    "SET k *",       "AUTH *",         "HSET k f * g *",        "MSET a * b *",
    "set k * EX 10", "SETEX k 10 *",   "ZADD k NX 1 * 2 *",     "LINSERT l AFTER p *",
    "LPUSH l *",     "CONFIG SET p *", "BITFIELD k SET u8 0 *", "GEOADD g 1 2 *"};

std::string filled(std::string_view pattern, std::string_view value) {
  std::string out;
  for (const char c : pattern) c == '*' ? void(out.append(value)) : out.push_back(c);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  std::string out;
  obfuscate_redis(text, out);
  REQUIRE(out.size() <= 2 * size + 1);
  out.clear();
  quantise_redis(text, out);
  REQUIRE(out.size() <= 2 * size + 4);
  out.clear();
  remove_redis_arguments(text, out);
  REQUIRE(out.size() <= 2 * size + 2);

  std::string value = "\"v";
  for (const char c : text) c == '"' || c == '\\' ? void(value.append(1, '\\').push_back(c)) : value.push_back(c);
  value += '"';
  for (const std::string_view pattern : kCommands) {
    const std::string before = "GET k\n" + filled(pattern, value), wanted = "GET k\n" + filled(pattern, "?");
    out.clear();
    obfuscate_redis(before, out);
    REQUIRE(out == wanted);
  }
  return 0;
}
