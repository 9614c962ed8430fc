#include "invocation/span_pointers.hpp"

#include <gtest/gtest.h>

#include "seen.hpp"

namespace {

using namespace traces::invocation;
using seen::see;

std::string hash(std::initializer_list<std::string_view> parts) {
  const auto digits = pointer_hash(parts);
  return {digits.data(), digits.size()};
}

TEST(SpanPointers, HashAsWriterDo) {
  EXPECT_EQ(hash({"some-bucket", "some-key.data", "ab12ef34"}), "e721375466d4116ab551213fdea08413");
  EXPECT_EQ(hash({"some-table", "some-key", "some-value", "", ""}), "7f1aee721472bcb48701d45c7c7f7821");
  EXPECT_EQ(hash({"some-table", "customer_id", "abc123", "order_id", "456"}), "ad9784fffe6fa2f9b84aa83f7df71916");
}

std::string object_event(std::string_view name, std::string_view object) {
  return R"({"Records":[{"eventSource":"aws:s3","eventTime":"2025-01-30T10:20:30.123Z","eventName":")"
         + std::string(name) + R"(","s3":{"bucket":{"name":"some-bucket"},"object":)" + std::string(object) + "}}]}";
}
std::string item_event(std::string_view keys) {
  return R"({"Records":[{"eventName":"REMOVE","dynamodb":{"Keys":)" + std::string(keys)
         + R"(},"eventSourceARN":"arn:aws:dynamodb:us-east-1:1:table/some-table/stream/x"}]})";
}
std::string pointer(std::string event) {
  const seen::Seen it = see(std::move(event));
  if (it.facts.pointers.empty()) return "(none)";
  EXPECT_EQ(it.facts.pointers.size(), 1u);
  return std::string(it.facts.pointers[0].hash.data(), 32);
}

TEST(SpanPointers, AreMadeForObjectsThatWereCreated) {
  const std::string whole = "e721375466d4116ab551213fdea08413";
  EXPECT_EQ(pointer(object_event("ObjectCreated:Put", R"({"key":"some-key.data","eTag":"ab12ef34"})")), whole);
  EXPECT_EQ(pointer(object_event("ObjectCreated:Copy", R"({"key":"some-key.data","eTag":"\"ab12ef34\""})")), whole);
  EXPECT_EQ(pointer(object_event("ObjectRemoved:Delete", R"({"key":"some-key.data","eTag":"ab12ef34"})")), "(none)");
  EXPECT_EQ(pointer(object_event("ObjectCreated:Put", R"({"key":"some-key.data","eTag":""})")), "(none)");
  EXPECT_EQ(pointer(object_event("ObjectCreated:Put", R"({"key":"some-key.data"})")), "(none)");
  EXPECT_EQ(pointer(object_event("ObjectCreated:Put", "null")), "(none)");
}

TEST(SpanPointers, AreMadeForItemsByTheirFirstTwoKeys) {
  const std::string one = "7f1aee721472bcb48701d45c7c7f7821", two = "ad9784fffe6fa2f9b84aa83f7df71916";
  EXPECT_EQ(pointer(item_event(R"({"some-key":{"S":"some-value"}})")), one);
  EXPECT_EQ(pointer(item_event(R"({"some-key":{"B":"c29tZS12YWx1ZQ=="}})")), one);
  EXPECT_EQ(pointer(item_event(R"({"order_id":{"N":"456"},"customer_id":{"S":"abc123"}})")), two);
  EXPECT_EQ(pointer(item_event(R"({"z":{"S":"third"},"order_id":{"N":"456"},"customer_id":{"S":"abc123"}})")), two);
  EXPECT_EQ(pointer(item_event(R"({"some-key":{"B":"/w=="}})")), "(none)") << "not UTF-8";
  EXPECT_EQ(pointer(item_event(R"({"some-key":{"B":"?"}})")), "(none)");
  EXPECT_EQ(pointer(item_event(R"({"some-key":{"L":[]}})")), "(none)");
  EXPECT_EQ(pointer(item_event(R"({"some-key":null})")), "(none)");
  EXPECT_EQ(pointer(item_event("{}")), "(none)");
  EXPECT_EQ(pointer(item_event("[1]")), "(none)");
}

TEST(SpanPointers, StandBehindTheLinksThatAreThereAlready) {
  const SpanPointer one{"aws.s3.object", pointer_hash({"a"})};
  const std::string entry = R"({"trace_id":0,"span_id":0,"trace_id_high":0,"tracestate":"","flags":0,"attributes":)"
                            R"({"link.kind":"span-pointer","ptr.dir":"u","ptr.hash":")"
                            + std::string(one.hash.data(), 32) + R"(","ptr.kind":"aws.s3.object"}})";
  const struct {
    std::string_view present;
    std::string links;
  } kCases[] = {
      {"", "[" + entry + "]"},        {"[]", "[" + entry + "]"},
      {" [ ] ", "[" + entry + "]"},   {"[{\"a\":1}]", "[{\"a\":1}," + entry + "]"},
      {"no list", "[" + entry + "]"}, {"{}", "[" + entry + "]"},
  };
  for (const auto& each : kCases) {
    std::string out;
    append_span_links(out, each.present, {&one, 1});
    EXPECT_EQ(out, each.links);
  }
}

}  // namespace
