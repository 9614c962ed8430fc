// Compression of whole bodies: zstd and gzip, and the way back for a body that must be cut.
//
// A body lies whole before it is compressed: zstd and zlib would copy pieces into a window of their own anyway. The
// zstd context (32 KB for a body of 300 bytes, 1.3 MB from 256 KB on) is kept from body to body and given back by
// release(), so that nothing of it stays while the agent is idle. Used by forward/payload, on the loop and on the
// worker, one compressor each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agent {

enum class Coding : std::uint32_t { kNone = 0, kZstd, kGzip };  // numbers are SLS_COMPRESS_*

// "zstd", "gzip"; empty for kNone.
std::string_view coding_name(Coding coding);

class Compressor {
 public:
  Compressor();
  ~Compressor();
  Compressor(Compressor&&) noexcept;
  Compressor& operator=(Compressor&&) noexcept;

  // `level` is brought into the coding's range. kNone: a copy.
  Result<std::string> compress(std::string_view body, Coding coding, int level);
  void release();
  std::size_t context_bytes() const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// `size` is what the body had before; another size is an error.
Result<std::string> decompress(std::string_view bytes, Coding coding, std::size_t size);

}  // namespace agent
