#include "out/proto.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace traces::proto;

// A message around a text, between two fields.
std::string written_twice(std::string_view text) {
  const auto fill = [&](auto& to) {
    to.varint(1, 300);
    to.message(2, [&](auto& inside) {
      inside.bytes(1, text);
      inside.fixed64(2, 0x0123456789abcdef);
    });
    to.varint(3, 1);
  };
  Counter counter;
  fill(counter);
  std::string out(counter.bytes(), '\0');
  Writer writer(out.data());
  fill(writer);
  return out;
}
std::string written_at_once(std::string_view text, std::size_t length_bytes) {
  Stream out(16);
  out.varint(1, 300);
  out.message(
      2,
      [&](Stream& inside) {
        inside.bytes(1, text);
        inside.fixed64(2, 0x0123456789abcdef);
      },
      length_bytes);
  out.varint(3, 1);
  return std::string(out.take(0).view());
}

TEST(Stream, WritesLengthsOfEveryWidthWhateverRoomWasLeft) {
  for (const std::size_t size : {0u,   1u,   3u,   7u,   15u,     16u,     32u,     33u,     115u,       116u,
                                 117u, 118u, 127u, 128u, 16'360u, 16'371u, 16'372u, 16'384u, 2'097'130u, 2'097'152u}) {
    std::string text(size, 'x');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
    for (const std::size_t length_bytes : {1u, 2u, 3u, 4u})
      EXPECT_TRUE(written_at_once(text, length_bytes) == written_twice(text)) << size << " " << length_bytes;
  }
}

TEST(Stream, WritesAnEntryAsTheMessageThatItIs) {
  for (const std::size_t size : {0u, 1u, 60u, 61u, 62u, 127u, 128u, 20'000u}) {
    const std::string key(size / 2, 'k'), value(size, 'v');
    Stream entries, messages;
    entries.entry(4, key, std::string_view(value));
    entries.entry(5, key, 1.5);
    messages.message(4, [&](Stream& to) { to.bytes(1, key), to.bytes(2, value); });
    messages.message(5, [&](Stream& to) { to.bytes(1, key), to.fixed64(2, std::bit_cast<std::uint64_t>(1.5)); });
    EXPECT_TRUE(entries.take(0).view() == messages.take(0).view()) << size;
  }
}

TEST(Stream, PutsAHeadWhereItsRoomEnds) {
  Stream out;
  out.skip(6);
  out.bytes(1, "text");
  const std::size_t begin = out.head(6, 5, out.size() - 6);
  EXPECT_EQ(begin, 4u);
  EXPECT_EQ(out.take(begin).view(), "\x2a\x06\x0a\x04text");
  EXPECT_EQ(out.size(), 0u);
}

TEST(Stream, GivesAwayNoMoreThanAQuarterMoreThanItWrote) {
  Stream out(1 << 20);
  out.bytes(1, "few");
  const Bytes few = out.take(0);
  EXPECT_EQ(few.view(),
            "\x0a\x03"
            "few");
  out.bytes(1, "again");
  EXPECT_EQ(out.take(2).view(), "again");
}

}  // namespace
