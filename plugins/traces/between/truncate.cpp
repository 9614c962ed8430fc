#include "between/truncate.hpp"

#include <cstring>

#include "between/tag_text.hpp"

namespace traces {
namespace {

constexpr std::string_view kCut = "...";

bool is_structured(std::string_view key) {
  return key.starts_with("_dd.") && (key.ends_with(".json") || key.ends_with(".msgpack") || key.ends_with(".protobuf"));
}

std::string_view shortened(std::string_view text, std::size_t bytes_max, Arena& arena) {
  const std::string_view kept = cut_text(text, bytes_max);
  char* const out = arena.take(kept.size() + kCut.size());
  std::memcpy(out, kept.data(), kept.size());
  std::memcpy(out + kept.size(), kCut.data(), kCut.size());
  return {out, kept.size() + kCut.size()};
}

// Two keys that become the same stay two entries, of which a map takes the last.
template <class Pairs>
void shorten_keys(Pairs& pairs, Arena& arena) {
  for (auto& entry : pairs)
    if (entry.first.size() > kKeyBytesMax && !is_structured(entry.first))
      entry.first = shortened(entry.first, kKeyBytesMax, arena);
}

}  // namespace

void truncate(Span& span, Arena& arena, std::size_t resource_bytes_max) {
  span.resource = cut_text(span.resource, resource_bytes_max);
  bool long_key = false;
  for (auto& [key, value] : span.meta) {
    long_key = long_key || key.size() > kKeyBytesMax;
    if (value.size() > kValueBytesMax && !is_structured(key)) value = shortened(value, kValueBytesMax, arena);
  }
  if (long_key) shorten_keys(span.meta, arena);
  shorten_keys(span.metrics, arena);
}

}  // namespace traces
