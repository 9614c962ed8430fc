// SHA-256 (FIPS 180-4), for names that are hashes: span pointers, trace ids of state machines.
//
// A value that is fed and asked: no key, no secret, so it promises nothing about the time that it takes. Called by
// plugins, which link no cryptography.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sls {

class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  Sha256& update(std::string_view bytes);
  // Once; afterwards the value is spent.
  Digest finish();

 private:
  static constexpr std::size_t kBlock = 64;
  void block(const std::uint8_t* bytes);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, kBlock> waiting_{};
  std::size_t waits_ = 0;
  std::uint64_t bytes_ = 0;
};

inline Sha256::Digest sha256(std::string_view bytes) { return Sha256().update(bytes).finish(); }

}  // namespace sls
