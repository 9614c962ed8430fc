#include "forward/payload.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "payload_text.hpp"

namespace agent {
namespace {

std::string unpacked(const Body& body, Coding coding) {
  Result<std::string> raw = decompress(body.bytes, coding, body.raw_bytes);
  EXPECT_TRUE(raw);
  return raw ? *std::move(raw) : std::string();
}

Packed packed_of(const PayloadText& text, const Packing& how) {
  Packed packed;
  Compressor compressor;
  for (RawBody& raw : assemble(text.payload(), packed)) pack(std::move(raw), how, compressor, packed);
  return packed;
}

Packing packing(Coding coding, std::uint64_t compressed_bytes_max = 0) {
  Packing how;
  how.coding = coding;
  how.compressed_bytes_max = compressed_bytes_max;
  return how;
}

TEST(Payload, JoinsPartsInEachCoding) {
  for (const Coding coding : {Coding::kNone, Coding::kZstd, Coding::kGzip}) {
    const Packed packed = packed_of(PayloadText({"{\"a\":1}", "{\"b\":2}", "{}"}), packing(coding));
    ASSERT_EQ(packed.bodies.size(), 1u);
    EXPECT_EQ(unpacked(*packed.bodies[0], coding), "[{\"a\":1},{\"b\":2},{}]");
    EXPECT_EQ(packed.bodies[0]->shape.items(), 3u);
  }
}

TEST(Payload, SurvivesEmptyOnes) {
  for (const Coding coding : {Coding::kNone, Coding::kZstd, Coding::kGzip}) {
    const Packed packed = packed_of(PayloadText({}), packing(coding));
    ASSERT_EQ(packed.bodies.size(), 1u);
    EXPECT_EQ(unpacked(*packed.bodies[0], coding), "[]");
    EXPECT_EQ(packed.bodies[0]->shape.items(), 0u);
    const sls_payload nothing{};
    Packed empty;
    Compressor compressor;
    for (RawBody& raw : assemble(nothing, empty)) pack(std::move(raw), packing(coding), compressor, empty);
    ASSERT_EQ(empty.bodies.size(), 1u);
    EXPECT_EQ(unpacked(*empty.bodies[0], coding), "");
  }
}

TEST(Payload, CompressesAtEveryLevelAnybodyMayAskFor) {
  const std::string body = noise(3000, 1) + std::string(3000, 'x');
  Compressor compressor;
  for (const Coding coding : {Coding::kZstd, Coding::kGzip}) {
    for (const int level : {-7, 0, 1, 3, 6, 9, 19, 22, 1000}) {
      const Result<std::string> bytes = compressor.compress(body, coding, level);
      ASSERT_TRUE(bytes) << level;
      EXPECT_LT(bytes->size(), body.size());
      EXPECT_EQ(*decompress(*bytes, coding, body.size()), body);
    }
  }
}

TEST(Payload, GivesTheContextBack) {
  Compressor compressor;
  ASSERT_TRUE(compressor.compress(noise(300'000, 1), Coding::kZstd, 3));
  EXPECT_GT(compressor.context_bytes(), 1'000'000u);
  compressor.release();
  EXPECT_EQ(compressor.context_bytes(), 0u);
  EXPECT_TRUE(compressor.compress("again", Coding::kZstd, 3));
}

TEST(Payload, DecompressingRefusesWhatIsNotTheBody) {
  Compressor compressor;
  for (const Coding coding : {Coding::kZstd, Coding::kGzip}) {
    const std::string bytes = *compressor.compress("some body", coding, 3);
    EXPECT_FALSE(decompress(bytes, coding, 8));
    EXPECT_FALSE(decompress(bytes, coding, 10));
    EXPECT_FALSE(decompress(bytes.substr(0, bytes.size() - 2), coding, 9));
    EXPECT_FALSE(decompress("garbage", coding, 9));
  }
  EXPECT_FALSE(decompress("abc", Coding::kNone, 2));
}

TEST(Payload, HalvesWhatIsTooLargeCompressedUntilItFits) {
  for (const Coding coding : {Coding::kNone, Coding::kZstd, Coding::kGzip}) {
    std::vector<std::string> parts;
    for (std::uint32_t i = 0; i < 10; ++i) parts.push_back(noise(1000, i + 1));
    const Packed packed = packed_of(PayloadText(parts), packing(coding, 2600));
    EXPECT_FALSE(packed.too_large);
    std::string all;
    for (const auto& body : packed.bodies) {
      EXPECT_LE(body->bytes.size(), 2600u);
      const std::string raw = unpacked(*body, coding);
      ASSERT_EQ(raw.front(), '[');
      ASSERT_EQ(raw.back(), ']');
      all += (all.empty() ? "" : ",") + raw.substr(1, raw.size() - 2);
    }
    std::string wanted;
    for (const std::string& part : parts) wanted += (wanted.empty() ? "" : ",") + part;
    EXPECT_EQ(all, wanted) << "all parts, in order, each once";
    EXPECT_GT(packed.bodies.size(), 3u);
  }
}

TEST(Payload, LosesOnlyTheSinglePartThatIsTooLarge) {
  const Packed packed = packed_of(PayloadText({"a", noise(5000, 7), "b", "c"}), packing(Coding::kZstd, 1000));
  EXPECT_TRUE(packed.too_large);
  EXPECT_EQ(packed.too_large_items, 1u);
  std::uint64_t items = 0;
  for (const auto& body : packed.bodies) items += body->shape.items();
  EXPECT_EQ(items, 3u);
}

TEST(Payload, HalvesByBytesNotByCount) {
  const PayloadText text({std::string(900, 'a'), "b", "c", "d"});
  const Packed packed = packed_of(text, packing(Coding::kZstd));
  ASSERT_EQ(packed.bodies.size(), 1u);
  Packed halves;
  Compressor compressor;
  halve(*packed.bodies[0], packing(Coding::kZstd), compressor, halves);
  ASSERT_EQ(halves.bodies.size(), 2u);
  EXPECT_EQ(unpacked(*halves.bodies[0], Coding::kZstd), "[" + std::string(900, 'a') + "]");
  EXPECT_EQ(unpacked(*halves.bodies[1], Coding::kZstd), "[b,c,d]");
}

TEST(Payload, HalvingEndsForAnySizesOfParts) {
  std::uint32_t seed = 1;
  const auto next = [&] { return (seed = seed * 1664525 + 1013904223) >> 16; };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> parts(2 + next() % 9);
    for (std::string& part : parts) part.assign(next() % 4 == 0 ? 0 : next() % 300, 'x');
    std::vector<std::shared_ptr<const Body>> bodies = packed_of(PayloadText(parts), packing(Coding::kNone)).bodies;
    std::uint64_t single = 0;
    while (!bodies.empty()) {
      const auto body = bodies.back();
      bodies.pop_back();
      if (body->shape.parts.size() == 1) {
        single += body->shape.items();
        continue;
      }
      Packed halves;
      Compressor compressor;
      halve(*body, packing(Coding::kNone), compressor, halves);
      ASSERT_EQ(halves.bodies.size(), 2u);
      for (const auto& half : halves.bodies) {
        ASSERT_FALSE(half->shape.parts.empty());
        ASSERT_LT(half->shape.parts.size(), body->shape.parts.size());
        bodies.push_back(half);
      }
    }
    EXPECT_EQ(single, parts.size());
  }
}

TEST(Payload, CutsABodyOverTheHostsLimitBeforeCopyingIt) {
  // One block of memory, handed out as many parts: the plugin's bytes are borrowed, so they may be the same ones.
  const std::string block(limits::kPayloadBytesMax / 4, 'x');
  std::vector<sls_part> parts(6, sls_part{{block.data(), block.size()}, 2});
  const std::string huge(limits::kPayloadBytesMax + 1, 'y');
  parts.push_back(sls_part{{huge.data(), huge.size()}, 5});
  sls_payload payload{};
  payload.size = sizeof payload;
  payload.parts = parts.data();
  payload.part_count = parts.size();
  EXPECT_EQ(payload_size(payload).items, 17u);
  Packed packed;
  std::uint64_t items = 0;
  for (const RawBody& raw : assemble(payload, packed)) {
    EXPECT_LE(raw.bytes.size(), limits::kPayloadBytesMax);
    items += raw.shape.items();
  }
  EXPECT_EQ(items, 12u);
  EXPECT_EQ(packed.too_large_items, 5u);
}

TEST(Payload, RefusesAPartWithMoreItemsThanItCanKeep) {
  const sls_part part{{"x", 1}, std::uint64_t{1} << 32};
  sls_payload payload{};
  payload.parts = &part;
  payload.part_count = 1;
  EXPECT_FALSE(payload_size(payload).countable);
}

TEST(Payload, RefusesPartsThatAreCountedAndNotThere) {
  sls_payload payload{};
  payload.part_count = 3;
  EXPECT_FALSE(payload_size(payload).countable);
  EXPECT_EQ(payload_size(payload).items, 0u);
}

}  // namespace
}  // namespace agent
