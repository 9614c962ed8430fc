#include "forward/compressor.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <bit>

#include "base/text.hpp"

namespace agent {
namespace {

constexpr int kZstdLevelMax = 19;  // above, a context takes hundreds of MB
constexpr int kGzip = 16;          // added to deflate's window bits: a gzip header instead of zlib's

struct ZstdFree {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

Error failed(std::string_view coding, std::string_view reason) {
  return Error{ErrorCode::kInvalid, cat(coding, ": ", reason)};
}

// zlib's context is as large as the window that it is told to have: 2^(window + 2) + 2^(memory + 9) bytes.
Result<std::string> gzip(std::string_view body, int level) {
  const int window = std::clamp(static_cast<int>(std::bit_width(body.size())), 9, 15);
  z_stream stream{};
  if (deflateInit2(&stream, std::clamp(level, 1, 9), Z_DEFLATED, window + kGzip, std::min(window - 6, 8),
                   Z_DEFAULT_STRATEGY)
      != Z_OK)
    return failed("gzip", "no memory");
  const std::size_t bound = deflateBound(&stream, body.size());
  const auto out = std::make_unique_for_overwrite<char[]>(bound);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.get());
  stream.avail_out = static_cast<uInt>(bound);
  const int end = deflate(&stream, Z_FINISH);
  const std::size_t size = bound - stream.avail_out;
  deflateEnd(&stream);
  if (end != Z_STREAM_END) return failed("gzip", "unfinished");
  return std::string(out.get(), size);
}

Result<std::string> gunzip(std::string_view bytes, std::size_t size) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + kGzip) != Z_OK) return failed("gzip", "no memory");
  std::string out(size + 1, '\0');  // one more, so that a longer content is seen
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = inflate(&stream, Z_FINISH);
  const std::size_t found = out.size() - stream.avail_out;
  inflateEnd(&stream);
  if (end != Z_STREAM_END || found != size) return failed("gzip", "not the body that was compressed");
  out.resize(size);
  return out;
}

Result<std::string> unzstd(std::string_view bytes, std::size_t size) {
  std::string out(size, '\0');
  const std::size_t found = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(found)) return failed("zstd", ZSTD_getErrorName(found));
  if (found != size) return failed("zstd", "not the body that was compressed");
  return out;
}

}  // namespace

struct Compressor::Context {
  std::unique_ptr<ZSTD_CCtx, ZstdFree> zstd;
};

std::string_view coding_name(Coding coding) {
  switch (coding) {
    case Coding::kZstd: return "zstd";
    case Coding::kGzip: return "gzip";
    case Coding::kNone: break;
  }
  return {};
}

Compressor::Compressor() : context_(std::make_unique<Context>()) {}
Compressor::~Compressor() = default;
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;

Result<std::string> Compressor::compress(std::string_view body, Coding coding, int level) {
  if (coding == Coding::kNone) return std::string(body);
  if (coding == Coding::kGzip) return gzip(body, level);
  if (!context_->zstd) context_->zstd.reset(ZSTD_createCCtx());
  if (!context_->zstd) return failed("zstd", "no memory");
  ZSTD_CCtx_setParameter(context_->zstd.get(), ZSTD_c_compressionLevel, std::clamp(level, 1, kZstdLevelMax));
  const std::size_t bound = ZSTD_compressBound(body.size());
  const auto out = std::make_unique_for_overwrite<char[]>(bound);
  const std::size_t size = ZSTD_compress2(context_->zstd.get(), out.get(), bound, body.data(), body.size());
  if (ZSTD_isError(size)) return failed("zstd", ZSTD_getErrorName(size));
  return std::string(out.get(), size);
}

void Compressor::release() { context_->zstd.reset(); }

std::size_t Compressor::context_bytes() const { return context_->zstd ? ZSTD_sizeof_CCtx(context_->zstd.get()) : 0; }

Result<std::string> decompress(std::string_view bytes, Coding coding, std::size_t size) {
  switch (coding) {
    case Coding::kZstd: return unzstd(bytes, size);
    case Coding::kGzip: return gunzip(bytes, size);
    case Coding::kNone: break;
  }
  if (bytes.size() != size) return failed("body", "not of its own size");
  return std::string(bytes);
}

}  // namespace agent
