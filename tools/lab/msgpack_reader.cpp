// MessagePack to JSON, as msgpack's specification lays the bytes out. Binary becomes text; extensions are refused.
#include <cstring>

#include "lab/decode.hpp"

namespace lab {
namespace {

constexpr int kDepthMax = 64;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  json::value value(int depth = 0) {
    if (depth > kDepthMax) throw LabError("msgpack: nested too deeply");
    const auto lead = static_cast<unsigned char>(take(1)[0]);
    if (lead < 0x80) return static_cast<std::uint64_t>(lead);
    if (lead < 0x90) return map(lead & 0x0f, depth);
    if (lead < 0xa0) return array(lead & 0x0f, depth);
    if (lead < 0xc0) return text(lead & 0x1f);
    if (lead >= 0xe0) return static_cast<std::int64_t>(static_cast<signed char>(lead));
    switch (lead) {
      case 0xc0: return nullptr;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4:
      case 0xd9: return text(number(1));
      case 0xc5:
      case 0xda: return text(number(2));
      case 0xc6:
      case 0xdb: return text(number(4));
      case 0xca: return static_cast<double>(real<float>(4));
      case 0xcb: return real<double>(8);
      case 0xcc: return number(1);
      case 0xcd: return number(2);
      case 0xce: return number(4);
      case 0xcf: return number(8);
      case 0xd0: return static_cast<std::int64_t>(static_cast<std::int8_t>(number(1)));
      case 0xd1: return static_cast<std::int64_t>(static_cast<std::int16_t>(number(2)));
      case 0xd2: return static_cast<std::int64_t>(static_cast<std::int32_t>(number(4)));
      case 0xd3: return static_cast<std::int64_t>(number(8));
      case 0xdc: return array(number(2), depth);
      case 0xdd: return array(number(4), depth);
      case 0xde: return map(number(2), depth);
      case 0xdf: return map(number(4), depth);
      default: throw LabError("msgpack: byte " + std::to_string(lead) + " begins nothing that the lab knows");
    }
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (bytes_.size() < size) throw LabError("msgpack: cut off");
    const std::string_view out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return out;
  }
  std::uint64_t number(std::size_t size) {
    std::uint64_t out = 0;
    for (const char byte : take(size)) out = out << 8 | static_cast<unsigned char>(byte);
    return out;
  }
  template <class Real>
  Real real(std::size_t size) {
    const std::uint64_t wide = number(size);
    const auto narrow = static_cast<std::uint32_t>(wide);
    Real out;
    if constexpr (sizeof(Real) == 4)
      std::memcpy(&out, &narrow, 4);
    else
      std::memcpy(&out, &wide, 8);
    return out;
  }
  json::value text(std::uint64_t size) { return json::string(take(size)); }
  json::value array(std::uint64_t size, int depth) {
    json::array out;
    for (std::uint64_t i = 0; i < size; ++i) out.push_back(value(depth + 1));
    return out;
  }
  json::value map(std::uint64_t size, int depth) {
    json::object out;
    for (std::uint64_t i = 0; i < size; ++i) {
      const json::value key = value(depth + 1);
      out[text_of(&key)] = value(depth + 1);
    }
    return out;
  }

  std::string_view bytes_;
};

}  // namespace

json::value from_msgpack(std::string_view bytes) {
  Reader reader(bytes);
  json::value out = reader.value();
  if (!reader.at_end()) throw LabError("msgpack: more bytes than one value");
  return out;
}

}  // namespace lab
