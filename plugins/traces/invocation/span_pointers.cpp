#include "span_pointers.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "letters.hpp"
#include "sls/codec/json_writer.hpp"
#include "sls/codec/sha256.hpp"

namespace traces::invocation {
namespace {

constexpr std::size_t kKeysMax = 16;  // a table has one or two

// Absent: it is no key that a hash can be made of.
bool key_value(Node typed, Carriers& carriers, std::string_view& out) {
  for (const std::string_view type : {"S", "N"}) {
    if (!typed[type].is_string()) continue;
    out = typed[type].text();
    return true;
  }
  if (!typed["B"].is_string()) return false;
  out = carriers.decoded_base64(typed["B"].text());
  return sls::json::valid_utf8(out) && (!out.empty() || typed["B"].text().empty());
}

}  // namespace

std::array<char, 32> pointer_hash(std::initializer_list<std::string_view> parts) {
  static constexpr char kDigits[] = "0123456789abcdef";
  sls::Sha256 hash;
  for (const std::string_view& part : parts) {
    if (&part != parts.begin()) hash.update("|");
    hash.update(part);
  }
  const sls::Sha256::Digest digest = hash.finish();
  std::array<char, 32> out;
  for (std::size_t i = 0; i < out.size() / 2; ++i) {
    out[2 * i] = kDigits[digest[i] >> 4];
    out[2 * i + 1] = kDigits[digest[i] & 15];
  }
  return out;
}

void point_at_object(Sighting& sighting, std::string_view bucket, std::string_view key, std::string_view etag) {
  while (etag.starts_with('"')) etag.remove_prefix(1);
  while (etag.ends_with('"')) etag.remove_suffix(1);
  if (bucket.empty() || key.empty() || etag.empty()) return;
  sighting.facts.pointers.push_back({"aws.s3.object", pointer_hash({bucket, key, etag})});
}

void point_at_item(Sighting& sighting, std::string_view table, Node keys) {
  std::vector<std::pair<std::string_view, Node>> sorted;
  for (Node each = keys.child(); keys.is_object() && each.exists() && sorted.size() < kKeysMax; each = each.next()) {
    sorted.emplace_back(each.key(), each);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (table.empty() || sorted.empty()) return;
  std::string_view values[2], names[2];
  for (std::size_t i = 0; i < 2 && i < sorted.size(); ++i) {
    names[i] = sorted[i].first;
    if (!key_value(sorted[i].second, sighting.carriers, values[i])) return;
  }
  sighting.facts.pointers.push_back(
      {"aws.dynamodb.item", pointer_hash({table, names[0], values[0], names[1], values[1]})});
}

void append_span_links(std::string& out, std::string_view present, std::span<const SpanPointer> pointers) {
  sls::json::Value links;
  std::string_view inside;
  if (sls::json::parse(present, links) && links.kind == sls::json::Kind::kArray) {
    inside = trimmed(links.raw.substr(1, links.raw.size() - 2));
  }
  sls::json::Writer json(out);
  json.begin_array();
  if (!inside.empty()) json.raw(inside);
  for (const SpanPointer& pointer : pointers) {
    json.begin_object();
    json.key("trace_id").integer(std::int64_t{0}).key("span_id").integer(std::int64_t{0});
    json.key("trace_id_high")
        .integer(std::int64_t{0})
        .key("tracestate")
        .string("")
        .key("flags")
        .integer(std::int64_t{0});
    json.key("attributes").begin_object();
    json.key("link.kind").string("span-pointer").key("ptr.dir").string("u");
    json.key("ptr.hash").string({pointer.hash.data(), pointer.hash.size()}).key("ptr.kind").string(pointer.kind);
    json.end_object().end_object();
  }
  json.end_array();
}

}  // namespace traces::invocation
