#include "forward/spool.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "sls/plugin.h"

namespace agent {
namespace {

std::shared_ptr<Body> body_of(std::string bytes, std::vector<PartSize> parts) {
  auto body = std::make_shared<Body>();
  body->shape = {1, 1, 1, std::move(parts)};
  body->raw_bytes = static_cast<std::uint32_t>(bytes.size());
  body->bytes = std::move(bytes);
  return body;
}

SpoolEntry entry_of(std::string plugin = "logs") {
  SpoolEntry entry;
  entry.plugin = std::move(plugin);
  entry.intake = 2;
  entry.endpoint = 1;
  entry.origin = "https://intake:443";
  entry.target = "/v1/input?a=b";
  entry.method = "POST";
  entry.content_type = "application/json";
  entry.headers = {{"X-One", "1"}, {"X-Two", ""}};
  entry.packing = {Coding::kNone, 3, 1000};
  entry.auth = SLS_AUTH_API_KEY;
  entry.maybe_taken = true;
  entry.own_failures = 4;
  entry.since = from_ns(1'234'567'890);
  entry.body = body_of("[aa,bbb]", {{2, 1}, {3, 7}});
  return entry;
}

std::string why(std::string_view bytes, std::string_view writer = "me") {
  const auto entries = decode_spool(writer, bytes);
  return entries ? "" : entries.error().text;
}

TEST(Spool, GivesBackWhatWasWritten) {
  const std::string bytes = encode_spool("me", {entry_of(), entry_of("traces")});
  const auto entries = decode_spool("me", bytes);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 2u);
  const SpoolEntry &found = (*entries)[0], wanted = entry_of();
  EXPECT_EQ(found.plugin, wanted.plugin);
  EXPECT_EQ(found.intake, wanted.intake);
  EXPECT_EQ(found.endpoint, wanted.endpoint);
  EXPECT_EQ(found.origin, wanted.origin);
  EXPECT_EQ(found.url, wanted.url);
  EXPECT_EQ(found.target, wanted.target);
  EXPECT_EQ(found.method, wanted.method);
  EXPECT_EQ(found.content_type, wanted.content_type);
  EXPECT_EQ(found.headers, wanted.headers);
  EXPECT_EQ(found.packing.coding, wanted.packing.coding);
  EXPECT_EQ(found.packing.level, wanted.packing.level);
  EXPECT_EQ(found.packing.compressed_bytes_max, wanted.packing.compressed_bytes_max);
  EXPECT_EQ(found.auth, wanted.auth);
  EXPECT_TRUE(found.maybe_taken);
  EXPECT_EQ(found.own_failures, wanted.own_failures);
  EXPECT_EQ(found.since, wanted.since);
  EXPECT_EQ(found.body->bytes, wanted.body->bytes);
  EXPECT_EQ(found.body->raw_bytes, 8u);
  EXPECT_EQ(found.body->shape.items(), 8u);
  EXPECT_EQ((*entries)[1].plugin, "traces");
}

TEST(Spool, TakesNoMoreRoomThanItSays) {
  const SpoolEntry entry = entry_of();
  const std::string none = encode_spool("me", {}), one = encode_spool("me", {entry});
  EXPECT_LE(one.size() - none.size(), spooled_bytes(entry));
}

TEST(Spool, RefusesEveryTruncation) {
  const std::string bytes = encode_spool("me", {entry_of()});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_spool("me", std::string_view(bytes).substr(0, size))) << size;
}

TEST(Spool, RefusesEveryFlippedBit) {
  const std::string bytes = encode_spool("me", {entry_of()});
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string bad = bytes;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(decode_spool("me", bad)) << bit;
  }
}

TEST(Spool, SaysInOneWordWhyItIsRefused) {
  const std::string bytes = encode_spool("me", {entry_of()});
  EXPECT_EQ(why(bytes), "");
  EXPECT_EQ(why(""), "foreign");
  EXPECT_EQ(why("{\"a\":1}"), "foreign");
  EXPECT_EQ(why(bytes, "another function"), "foreign");
  EXPECT_EQ(why(bytes.substr(0, 10)), "truncated");
  EXPECT_EQ(why(bytes.substr(0, bytes.size() - 1)), "truncated");
  EXPECT_EQ(why(bytes + "x"), "broken");
}

// A checksum protects from accidents only: whoever may write the file can make one.
TEST(Spool, RefusesWhatNobodyWouldHaveWritten) {
  struct Case {
    const char* about;
    void (*spoil)(SpoolEntry&);
  };
  const Case cases[] = {
      {"parts that are more than the body",
       [](SpoolEntry& e) {
         e.body = body_of("[aa,bbb]", {{2, 1}, {9, 7}});
       }},
      {"a body of another size",
       [](SpoolEntry& e) {
         auto body = body_of("[aa,bbb]", {{2, 1}, {3, 7}});
         body->bytes += "x";
         e.body = body;
       }},
      {"a target with a blank", [](SpoolEntry& e) { e.target = "/a b"; }},
      {"a target that is none", [](SpoolEntry& e) { e.target = "http://elsewhere/"; }},
      {"a method of two lines", [](SpoolEntry& e) { e.method = "GET\r\nX: y"; }},
      {"a header that ends its line",
       [](SpoolEntry& e) {
         e.headers = {{"X", "1\r\nY: 2"}};
       }},
      {"a content type that ends its line", [](SpoolEntry& e) { e.content_type = "a\r\nb"; }},
      {"an unknown coding", [](SpoolEntry& e) { e.packing.coding = static_cast<Coding>(9); }},
      {"an unknown way to prove who we are", [](SpoolEntry& e) { e.auth = 99; }},
      {"an address without the site", [](SpoolEntry& e) { e.url = "https://elsewhere.example"; }},
      {"an address with a user", [](SpoolEntry& e) { e.url = "https://u:p@x.{site}"; }},
      {"a key",
       [](SpoolEntry& e) {
         e.headers = {{"DD-API-KEY", "secret"}};
       }},
      {"no plugin", [](SpoolEntry& e) { e.plugin.clear(); }},
  };
  for (const Case& each : cases) {
    SpoolEntry entry = entry_of();
    each.spoil(entry);
    EXPECT_EQ(why(encode_spool("me", {entry})), "broken") << each.about;
  }
}

TEST(Spool, KeepsNothingThatCarriesACredential) {
  const auto kept = [](void (*change)(SpoolEntry&)) {
    SpoolEntry entry = entry_of();
    change(entry);
    return may_be_spooled(entry);
  };
  EXPECT_TRUE(kept([](SpoolEntry&) {}));
  EXPECT_TRUE(kept([](SpoolEntry& e) { e.url = "https://profile.{site}/v1"; }));
  EXPECT_FALSE(kept([](SpoolEntry& e) { e.url = "https://elsewhere.example"; }));
  EXPECT_FALSE(kept([](SpoolEntry& e) { e.target = "/v1?api_key=secret"; }));
  for (const char* name : {"dd-api-key", "DD-APPLICATION-KEY", "Authorization", "cookie", "X-Amz-Security-Token"}) {
    SpoolEntry entry = entry_of();
    entry.headers.emplace_back(name, "secret");
    EXPECT_FALSE(may_be_spooled(entry)) << name;
  }
}

}  // namespace
}  // namespace agent
