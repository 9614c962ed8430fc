// Subject redis-mongo-http-obfuscation: {kind, in, out, options, compare}. `span` cases are whole spans, of which the
// fields and tags that are given must come out; replace rules are judged elsewhere.
#include "between/credit_cards.hpp"
#include "between/http_url.hpp"
#include "between/ip_quantisation.hpp"
#include "between/obfuscate.hpp"
#include "between/redis.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::object;
using vectors::json::value;
using namespace traces;

std::string text_of(const value& value) { return std::string(value.as_string()); }

std::vector<std::string> texts_of(const object& options, const char* name) {
  std::vector<std::string> out;
  if (const value* texts = options.if_contains(name))
    for (const value& each : texts->as_array()) out.push_back(text_of(each));
  return out;
}
bool is_on(const object& options, const char* name) {
  const value* found = options.if_contains(name);
  return found != nullptr && found->as_bool();
}
object part_of(const object& options, const char* name) {
  const value* found = options.if_contains(name);
  return found == nullptr ? object() : found->as_object();
}

// Several texts with blanks between them.
vectors::json::array read_sequence(std::string_view text) {
  vectors::json::array out;
  while (!text.empty()) {
    vectors::json::stream_parser parser;
    const std::size_t n = parser.write_some(text.data(), text.size());
    parser.finish();
    out.push_back(parser.release());
    text.remove_prefix(n);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  }
  return out;
}

void judge_json(const object& one, const std::string& in, const object& options) {
  const JsonObfuscator json(texts_of(options, "keep_values"), texts_of(options, "obfuscate_sql_values"));
  SqlObfuscator sql{SqlRules{}};
  std::string out;
  json.obfuscate(in, sql, out);
  const std::string expected = text_of(one.at("out"));
  if (!one.contains("compare") || text_of(one.at("compare")) == "exact")
    EXPECT_EQ(out, expected) << in;
  else
    EXPECT_EQ(read_sequence(out), read_sequence(expected)) << in;
}

ObfuscationSettings settings_of(const object& options) {
  ObfuscationSettings out{};
  const object http = part_of(options, "http"), redis = part_of(options, "redis"), valkey = part_of(options, "valkey"),
               memcached = part_of(options, "memcached"), cards = part_of(options, "credit_cards");
  out.http_remove_query_string = is_on(http, "remove_query_string");
  out.http_remove_paths_with_digits = is_on(http, "remove_paths_with_digits");
  out.redis = is_on(redis, "enabled");
  out.redis_remove_all_args = is_on(redis, "remove_all_args");
  out.valkey = is_on(valkey, "enabled");
  out.valkey_remove_all_args = is_on(valkey, "remove_all_args");
  out.memcached = is_on(memcached, "enabled");
  out.memcached_keep_command = is_on(memcached, "keep_command");
  out.mongodb = is_on(part_of(options, "mongodb"), "enabled");
  out.elasticsearch = is_on(part_of(options, "elasticsearch"), "enabled");
  out.opensearch = is_on(part_of(options, "opensearch"), "enabled");
  out.credit_cards = is_on(cards, "enabled");
  out.credit_cards_luhn = is_on(cards, "luhn");
  out.credit_cards_keep_values = texts_of(cards, "keep_values");
  return out;
}

std::string field_of(const object& span, const char* name) {
  return span.contains(name) ? text_of(span.at(name)) : std::string();
}

void read_attribute(const object& given, Arena& arena, AttributeValue& out) {
  out.type = static_cast<AttributeValue::Type>(given.at("type").as_int64());
  if (const value* text = given.if_contains("string_value")) out.text = arena.keep(text_of(*text));
  if (const value* truth = given.if_contains("bool_value")) out.truth = truth->as_bool();
  if (const value* number = given.if_contains("int_value")) out.integer = number->as_int64();
  if (const value* number = given.if_contains("double_value")) out.number = number->to_number<double>();
  if (const value* values = given.if_contains("array_value")) {
    const auto& elements = values->is_array() ? values->as_array() : values->at("values").as_array();
    for (const value& each : elements) read_attribute(each.as_object(), arena, out.values.emplace_back());
  }
}

void expect_attribute(const AttributeValue& got, const AttributeValue& wanted) {
  EXPECT_EQ(got.type, wanted.type);
  EXPECT_EQ(got.text, wanted.text);
  EXPECT_EQ(got.truth, wanted.truth);
  EXPECT_EQ(got.integer, wanted.integer);
  EXPECT_EQ(got.number, wanted.number);
  ASSERT_EQ(got.values.size(), wanted.values.size());
  for (std::size_t i = 0; i < got.values.size(); ++i) expect_attribute(got.values[i], wanted.values[i]);
}

Span read_span(const object& given, Arena& arena) {
  Span out;
  out.type = arena.keep(field_of(given, "type"));
  out.resource = arena.keep(field_of(given, "resource"));
  if (const value* meta = given.if_contains("meta"))
    for (const auto& [key, each] : meta->as_object()) out.set(arena.keep(key), arena.keep(text_of(each)));
  if (const value* events = given.if_contains("span_events"))
    for (const value& event : events->as_array())
      for (const auto& [key, each] : event.at("attributes").as_object()) {
        auto& attributes = out.events.emplace_back().attributes;
        read_attribute(each.as_object(), arena, attributes.emplace_back(arena.keep(key), AttributeValue{}).second);
      }
  return out;
}

void judge_span(const object& one, const object& options) {
  if (options.contains("tag_replace_rules")) return;
  Arena arena;
  Span got = read_span(one.at("in").as_object(), arena);
  const Span wanted = read_span(one.at("out").as_object(), arena);
  Obfuscator(settings_of(options)).apply(got, arena);
  EXPECT_EQ(got.resource, wanted.resource);
  for (const auto& [key, text] : wanted.meta) {
    if (key == "sql.query" && !one.at("in").as_object().contains("meta")) continue;  // not made where there was none
    EXPECT_EQ(got.tag(key), text) << key;
  }
  ASSERT_EQ(got.events.size(), wanted.events.size());
  for (std::size_t i = 0; i < got.events.size(); ++i)
    expect_attribute(got.events[i].attributes[0].second, wanted.events[i].attributes[0].second);
}

void judge(const object& one) {
  const std::string kind = text_of(one.at("kind"));
  const object options = part_of(one, "options");
  if (kind == "span") return judge_span(one, options);
  const std::string in = text_of(one.at("in"));
  if (kind == "json") return judge_json(one, in, options);
  if (kind == "credit_card") {
    EXPECT_EQ(is_card_number(std::string_view(in), is_on(options, "luhn")), one.at("out").as_bool()) << in;
    return;
  }
  std::string out;
  if (kind == "redis_quantize") {
    quantise_redis(in, out);
  } else if (kind == "peer_ip") {
    quantise_peer_address(in, out);
  } else if (kind == "redis_obfuscate") {
    obfuscate_redis(in, out);
  } else if (kind == "redis_remove_all_args") {
    remove_redis_arguments(in, out);
  } else if (kind == "http_url") {
    obfuscate_url(in, {is_on(options, "remove_query_string"), is_on(options, "remove_paths_with_digits")}, out);
  } else if (kind == "memcached") {
    ObfuscationSettings settings{};
    settings.memcached = true;
    settings.memcached_keep_command = is_on(options, "keep_command");
    Arena arena;
    Span span;
    span.set("memcached.command", in);
    Obfuscator(settings).apply(span, arena);
    out = span.tag("memcached.command");
  } else {
    FAIL() << "unknown kind " << kind;
  }
  EXPECT_EQ(out, text_of(one.at("out"))) << in;
}

TEST(ObfuscationVectors, OwnCases) { vectors::run_own("redis-mongo-http-obfuscation", judge); }
TEST(ObfuscationVectors, SharedCases) { vectors::run_shared("redis-mongo-http-obfuscation", judge); }

}  // namespace
