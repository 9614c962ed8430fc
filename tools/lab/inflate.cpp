#include <zlib.h>
#include <zstd.h>

#include "lab/decode.hpp"

namespace lab {
namespace {

constexpr std::size_t kInflatedBytesMax = 512u << 20;

std::string from_zstd(const std::string& body) {
  ZSTD_DStream* stream = ZSTD_createDStream();
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  std::string out, chunk(ZSTD_DStreamOutSize(), '\0');
  std::size_t left = 1;
  while (in.pos < in.size) {
    ZSTD_outBuffer to{chunk.data(), chunk.size(), 0};
    left = ZSTD_decompressStream(stream, &to, &in);
    if (ZSTD_isError(left) || out.size() > kInflatedBytesMax) break;
    out.append(chunk, 0, to.pos);
    while (to.pos == to.size && !ZSTD_isError(left) && left != 0) {
      to = {chunk.data(), chunk.size(), 0};
      left = ZSTD_decompressStream(stream, &to, &in);
      out.append(chunk, 0, to.pos);
    }
  }
  ZSTD_freeDStream(stream);
  if (ZSTD_isError(left)) throw LabError(std::string("zstd: ") + ZSTD_getErrorName(left));
  if (left != 0) throw LabError("zstd: the frame is cut off");
  return out;
}

// Window bits 15+32: zlib and gzip headers are told apart by zlib itself.
std::string from_zlib(const std::string& body) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) throw LabError("zlib does not start");
  std::string out, chunk(65536, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  int code = Z_OK;
  while (code == Z_OK && out.size() < kInflatedBytesMax) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk, 0, chunk.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (code != Z_STREAM_END) throw LabError("zlib: error " + std::to_string(code));
  return out;
}

}  // namespace

std::string inflated(const std::string& body, std::string_view encoding) {
  if (encoding.empty() || encoding == "identity") return body;
  if (encoding == "zstd") return from_zstd(body);
  if (encoding == "gzip" || encoding == "deflate") return from_zlib(body);
  throw LabError("unknown Content-Encoding " + std::string(encoding));
}

}  // namespace lab
