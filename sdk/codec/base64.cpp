#include "sls/codec/base64.hpp"

#include <array>
#include <cstdint>

namespace sls {
namespace {

constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> letters() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> out{};
  out.fill(kNone);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    out[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return out;
}
constexpr auto kLetters = letters();

std::string_view without_padding(std::string_view text) {
  if (text.size() % 4 != 0) return text;
  for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  return text;
}

}  // namespace

std::size_t base64_decode(std::string_view text, char* out) {
  text = without_padding(text);
  if (text.size() % 4 == 1) return kNotBase64;
  const char* const begin = out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::uint8_t six = kLetters[static_cast<unsigned char>(c)];
    if (six == kNone) return kNotBase64;
    bits = bits << 6 | six;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    *out++ = static_cast<char>(bits >> held & 0xFF);
  }
  return static_cast<std::size_t>(out - begin);
}

}  // namespace sls
