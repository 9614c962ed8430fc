#include <gtest/gtest.h>

#include <string>

#include "sls/codec/base64.hpp"
#include "sls/codec/sha256.hpp"

namespace {

std::string hex(const sls::Sha256::Digest& digest) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : digest) out += {kDigits[byte >> 4], kDigits[byte & 15]};
  return out;
}

// FIPS 180-4 examples and the NIST CAVP short messages.
TEST(Sha256, GivesThePublishedDigests) {
  const struct {
    std::string text;
    const char* digest;
  } kCases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrst"
       "u",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
      {"\xb4\x19\x0e", "dff2e73091f6c05e528896c4c831b9448653dc2ff043528f6769437bc7b975c2"},
      {std::string(1000000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& each : kCases) EXPECT_EQ(hex(sls::sha256(each.text)), each.digest) << each.text.substr(0, 60);
}

TEST(Sha256, DoesNotMindHowTheBytesAreCut) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string_view part = std::string_view(text).substr(0, size);
    sls::Sha256 pieces;
    for (std::size_t at = 0; at < size; at += 7) pieces.update(part.substr(at, 7));
    EXPECT_EQ(hex(pieces.finish()), hex(sls::sha256(part))) << size;
  }
}

std::string decoded(std::string_view text) {
  std::string out(sls::base64_room(text.size()), '\0');
  const std::size_t size = sls::base64_decode(text, out.data());
  if (size == sls::kNotBase64) return "(none)";
  out.resize(size);
  return out;
}

// RFC 4648, section 10, and what is none.
TEST(Base64, ReadsThePublishedVectorsAndRefusesTheRest) {
  const struct {
    std::string_view text, bytes;
  } kCases[] = {
      {"", ""},
      {"Zg==", "f"},
      {"Zm8=", "fo"},
      {"Zm9v", "foo"},
      {"Zm9vYg==", "foob"},
      {"Zm9vYmE=", "fooba"},
      {"Zm9vYmFy", "foobar"},
      {"Zg", "f"},
      {"Zm8", "fo"},
      {"+/+/", "\xfb\xff\xbf"},
      {"Z", "(none)"},
      {"Zm9v=", "(none)"},
      {"Z===", "(none)"},
      {"Zm 9v", "(none)"},
      {"_-_-", "(none)"},
      {"Zg==Zg==", "(none)"},
      {"====", "(none)"},
  };
  for (const auto& each : kCases) EXPECT_EQ(decoded(each.text), each.bytes) << each.text;
}

}  // namespace
