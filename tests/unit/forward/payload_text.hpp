// A payload with bytes of its own, as a plugin would hand it out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sls/plugin.h"

namespace agent {

inline sls_str str(std::string_view text) { return sls_str{text.data(), text.size()}; }

// Bytes that do not compress.
inline std::string noise(std::size_t size, std::uint32_t seed) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    seed = seed * 1664525 + 1013904223;
    text += static_cast<char>('!' + (seed >> 24) % 90);
  }
  return text;
}

// "[part,part,…]", one item each.
class PayloadText {
 public:
  explicit PayloadText(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (const std::string& text : texts_) parts_.push_back(sls_part{str(text), 1});
  }
  PayloadText(const PayloadText&) = delete;
  PayloadText& operator=(const PayloadText&) = delete;

  sls_payload payload() const {
    sls_payload payload{};
    payload.size = sizeof payload;
    payload.compress = SLS_COMPRESS_ZSTD;
    payload.auth = SLS_AUTH_API_KEY;
    payload.method = str("POST");
    payload.path = str("/api/v2/logs");
    payload.content_type = str("application/json");
    payload.prefix = str("[");
    payload.separator = str(",");
    payload.suffix = str("]");
    payload.parts = parts_.data();
    payload.part_count = parts_.size();
    return payload;
  }

 private:
  std::vector<std::string> texts_;
  std::vector<sls_part> parts_;
};

}  // namespace agent
