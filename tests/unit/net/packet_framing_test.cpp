#include "net/packet_framing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace agent {
namespace {

struct Found {
  std::vector<std::string> packets;
  std::uint64_t too_large = 0;
  std::size_t memory = 0;  // the most that was asked for at once
};

Found find(std::uint32_t framing, std::size_t packet_bytes_max, const std::vector<std::string_view>& pieces) {
  PacketFraming packets(framing, packet_bytes_max);
  Found found;
  const auto keep = [&] {
    unsigned char behind = 0;
    for (const sls_str& packet : packets.packets()) {
      for (std::size_t i = 0; i < 64; ++i) behind |= static_cast<unsigned char>(packet.data[packet.len + i]);
      found.packets.emplace_back(packet.data, packet.len);
    }
    return behind;
  };
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const std::span<char> room = packets.room();
      if (room.empty()) {
        ADD_FAILURE() << "no room";
        return found;
      }
      found.memory = std::max(found.memory, room.size());
      const std::size_t count = std::min(room.size(), piece.size());
      std::memcpy(room.data(), piece.data(), count);
      piece.remove_prefix(count);
      packets.received(count);
      keep();
    }
  }
  packets.ended();
  keep();
  found.too_large = packets.too_large();
  return found;
}

std::string sized(std::string_view packet) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(packet.size() >> shift & 0xff);
  return out.append(packet);
}

using Texts = std::vector<std::string>;

const struct {
  std::string_view name;
  std::uint32_t framing;
  std::string bytes;
  Texts packets;
  std::uint64_t too_large;
} kCases[] = {
    {"lines", SLS_STREAM_LINES, "a:1|c\nbb\nccc\n", {"a:1|c", "bb", "ccc"}, 0},
    {"no end", SLS_STREAM_LINES, "a\nlast", {"a", "last"}, 0},
    {"empty lines", SLS_STREAM_LINES, "\n\na\n\n", {"a"}, 0},
    {"as long as may be", SLS_STREAM_LINES, "01234567\n", {"01234567"}, 0},
    {"too long", SLS_STREAM_LINES, "a\n012345678\nb\n", {"a", "b"}, 1},
    {"much too long", SLS_STREAM_LINES, "a\n" + std::string(30'000, 'x') + "\nb\n", {"a", "b"}, 1},
    {"too long, no end", SLS_STREAM_LINES, "a\n0123456789", {"a"}, 1},
    {"sized", SLS_STREAM_LE32, sized("a\nb") + sized("01234567"), {"a\nb", "01234567"}, 0},
    {"sized, empty", SLS_STREAM_LE32, sized("") + sized("a") + sized(""), {"a"}, 0},
    {"sized, too large", SLS_STREAM_LE32, sized("012345678") + sized("a"), {"a"}, 1},
    {"sized, much too large", SLS_STREAM_LE32, sized(std::string(30'000, 'x')) + sized("a"), {"a"}, 1},
    {"sized, cut", SLS_STREAM_LE32, sized("a") + std::string("\x05\0\0\0abc", 7), {"a"}, 0},
    {"sized, a claim of 4 GB", SLS_STREAM_LE32, sized("a") + "\xff\xff\xff\xff and so on", {"a"}, 1},
};

TEST(PacketFraming, FindsThePacketsWhereverTheBytesAreCut) {
  for (const auto& each : kCases) {
    const std::string_view bytes = each.bytes;
    const std::size_t step = bytes.size() > 1000 ? 997 : 1;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += step) {
      const Found found = find(each.framing, 8, {bytes.substr(0, cut), bytes.substr(cut)});
      EXPECT_EQ(found.packets, each.packets) << each.name << ", cut at " << cut;
      EXPECT_EQ(found.too_large, each.too_large) << each.name << ", cut at " << cut;
    }
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < bytes.size(); ++i) single.push_back(bytes.substr(i, 1));
    EXPECT_EQ(find(each.framing, 8, single).packets, each.packets) << each.name << ", byte by byte";
  }
}

TEST(PacketFraming, GivesNoMoreRoomThanAPacketAndABlockWhateverIsClaimed) {
  EXPECT_LE(find(SLS_STREAM_LE32, 100, {"\xff\xff\xff\x7f", std::string(100'000, 'x')}).memory, 100u + (8 << 10));
  EXPECT_LE(find(SLS_STREAM_LINES, 100, {std::string(100'000, 'x')}).memory, 100u + (8 << 10));
}

}  // namespace
}  // namespace agent
