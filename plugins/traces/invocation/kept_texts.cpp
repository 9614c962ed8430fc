#include "kept_texts.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>

#include "sls/codec/json.hpp"

namespace traces::invocation {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Without the character that the end may have cut in two.
std::string_view whole_characters(std::string_view text) {
  while (!text.empty() && continues(text.back())) text.remove_suffix(1);
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0x80) text.remove_suffix(1);
  return text;
}

}  // namespace

bool KeptTexts::owns(std::string_view text) const {
  for (const Block& block : blocks_) {
    const std::less<const char*> before;
    if (!before(text.data(), block.bytes.get()) && before(text.data(), block.bytes.get() + block.size)) return true;
  }
  return false;
}

char* KeptTexts::take(std::size_t bytes) {
  if (bytes > left_) {
    const std::size_t block = std::max(bytes, kBlockBytes);
    at_ = blocks_.emplace_back(Block{std::make_unique_for_overwrite<char[]>(block), block}).bytes.get();
    left_ = block;
    bytes_ += block;
  }
  left_ -= bytes;
  return std::exchange(at_, at_ + bytes);
}

std::string_view KeptTexts::keep(std::initializer_list<std::string_view> parts) {
  std::size_t wanted = 0;
  for (const std::string_view part : parts) wanted += part.size();
  if (wanted == 0) return {};
  const std::size_t size = std::min(wanted, room());
  char* const place = take(size);
  std::size_t at = 0;
  for (const std::string_view part : parts) {
    const std::size_t bytes = std::min(part.size(), size - at);
    if (bytes > 0) std::memcpy(place + at, part.data(), bytes);
    at += bytes;
  }
  std::string_view text(place, size);
  if (size < wanted) text = whole_characters(text);
  if (sls::json::valid_utf8(text)) return text;
  std::string spare;
  std::string_view mended = sls::json::repair_utf8(text, spare);
  if (mended.size() > room()) mended = whole_characters(mended.substr(0, room()));
  char* const second = take(mended.size());
  std::memcpy(second, mended.data(), mended.size());
  return {second, mended.size()};
}

}  // namespace traces::invocation
