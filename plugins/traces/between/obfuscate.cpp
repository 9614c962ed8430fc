#include "obfuscate.hpp"

#include <algorithm>

#include "credit_cards.hpp"
#include "equals.hpp"
#include "http_url.hpp"
#include "redis.hpp"
#include "runes.hpp"

namespace traces {
namespace {

constexpr std::string_view kReplaced = "?";

}  // namespace

Obfuscator::Obfuscator(const ObfuscationSettings& settings)
    : settings_(settings),
      sql_(sql_rules(settings)),
      mongodb_(settings.mongodb_keep_values, settings.mongodb_obfuscate_sql_values),
      elasticsearch_(settings.elasticsearch_keep_values, settings.elasticsearch_obfuscate_sql_values),
      opensearch_(settings.opensearch_keep_values, settings.opensearch_obfuscate_sql_values) {}

Obfuscator::Kind Obfuscator::kind_of(std::string_view type) {
  if (equals(type, "sql") || equals(type, "cassandra")) return Kind::kSql;
  if (equals(type, "redis")) return Kind::kRedis;
  if (equals(type, "valkey")) return Kind::kValkey;
  if (equals(type, "memcached")) return Kind::kMemcached;
  if (equals(type, "mongodb")) return Kind::kMongo;
  if (equals(type, "elasticsearch")) return Kind::kElastic;
  if (equals(type, "opensearch")) return Kind::kOpen;
  return equals(type, "web") || equals(type, "http") ? Kind::kWeb : Kind::kOther;
}

Dbms Obfuscator::dbms_in(const Span& span) {
  const std::string_view type = span.tag("db.type");
  return dbms_of(type.empty() ? span.tag("db.system") : type);
}

Obfuscator::Kind Obfuscator::language_of(const Span& span, Kind kind) {
  return kind == Kind::kOther || kind == Kind::kWeb ? kind_of(span.tag("db.system")) : kind;
}

void Obfuscator::apply(Span& span, Arena& arena) {
  statement_ = obfuscated_ = {};
  for (SpanEvent& event : span.events) apply_to_event(event);
  const Kind kind = kind_of(span.type);
  const std::string_view resource = span.resource;
  if (kind == Kind::kSql) {
    span.resource = sql(resource, dbms_in(span), arena);
    if (!sql_.tables().empty() && !resource.empty()) span.set("sql.tables", arena.keep(sql_.tables()));
  } else {
    span.resource = obfuscate_resource(span.type, {}, resource, arena);
  }
  for (auto& [key, value] : span.meta)
    if (!value.empty()) apply_to_tag(span, key, value, kind, arena);
}

std::string_view Obfuscator::obfuscate_resource(std::string_view type, std::string_view dbms, std::string_view resource,
                                                Arena& arena) {
  const Kind kind = kind_of(type);
  if (kind == Kind::kSql) return sql(resource, dbms_of(dbms), arena);
  if (kind != Kind::kRedis && kind != Kind::kValkey) return resource;
  spare_.clear();
  quantise_redis(resource, spare_);
  return arena.keep(spare_);
}

void Obfuscator::apply_to_tag(const Span& span, std::string_view key, std::string_view& value, Kind kind,
                              Arena& arena) {
  if (settings_.credit_cards && may_be_card_number(value) && is_card_number(value, settings_.credit_cards_luhn)
      && may_hold_card(key))
    value = kReplaced;
  switch (key.size()) {  // most keys are none of ours
    case 8:
      if (equals(key, "http.url") || equals(key, "url.full")) value = url(value, kind, arena);
      break;
    case 9:
      if (equals(key, "sql.query")) value = sql(value, dbms_in(span), arena);
      break;
    case 11:
      if (equals(key, "error.stack") && settings_.remove_stack_traces) value = kReplaced;
      break;
    case 12:
      if (equals(key, "db.statement")) value = statement(value, language_of(span, kind), dbms_in(span), arena);
      break;
    case 13:
      if (equals(key, "db.query.text"))
        value = statement(value, language_of(span, kind), dbms_in(span), arena);
      else if (equals(key, "mongodb.query"))
        value = json(value, Kind::kMongo, arena);
      break;
    case 15:
      if (equals(key, "opensearch.body")) value = json(value, Kind::kOpen, arena);
      break;
    case 17:
      if (equals(key, "redis.raw_command")) value = redis(value, Kind::kRedis, arena);
      if (equals(key, "memcached.command")) value = memcached(value);
      break;
    case 18:
      if (equals(key, "valkey.raw_command")) value = redis(value, Kind::kValkey, arena);
      if (equals(key, "elasticsearch.body")) value = json(value, Kind::kElastic, arena);
      break;
    default: break;
  }
}

bool Obfuscator::may_hold_card(std::string_view key) const {
  const auto& kept = settings_.credit_cards_keep_values;
  return !is_never_a_card(key) && std::find(kept.begin(), kept.end(), key) == kept.end();
}

void Obfuscator::apply_to_event(SpanEvent& event) {
  if (!settings_.credit_cards) return;
  for (auto& [key, value] : event.attributes) {
    if (!may_hold_card(key)) continue;
    apply_to_attribute(value);
    for (AttributeValue& element : value.values) apply_to_attribute(element);
  }
}

void Obfuscator::apply_to_attribute(AttributeValue& value) {
  using Type = AttributeValue::Type;
  const bool luhn = settings_.credit_cards_luhn;
  const bool card = value.type == Type::kText      ? is_card_number(value.text, luhn)
                    : value.type == Type::kInteger ? is_card_number(value.integer, luhn)
                    : value.type == Type::kDouble  ? is_card_number(value.number, luhn)
                                                   : false;
  if (!card) return;
  value = {};
  value.text = kReplaced;
}

std::string_view Obfuscator::statement(std::string_view text, Kind kind, Dbms dbms, Arena& arena) {
  switch (kind) {
    case Kind::kRedis:
    case Kind::kValkey: return redis(text, kind, arena);
    case Kind::kMemcached: return memcached(text);
    case Kind::kMongo:
    case Kind::kElastic:
    case Kind::kOpen: return json(text, kind, arena);
    default: return sql(text, dbms, arena);
  }
}

std::string_view Obfuscator::sql(std::string_view text, Dbms dbms, Arena& arena) {
  if (text.empty()) return text;
  if (text == statement_) return obfuscated_;
  const auto obfuscated = sql_.obfuscate(text, dbms);
  statement_ = text;
  obfuscated_ = obfuscated ? arena.keep(*obfuscated) : kNonParsable;
  return obfuscated_;
}

std::string_view Obfuscator::redis(std::string_view text, Kind kind, Arena& arena) {
  const bool valkey = kind == Kind::kValkey;
  if (!(valkey ? settings_.valkey : settings_.redis)) return text;
  spare_.clear();
  if (valkey ? settings_.valkey_remove_all_args : settings_.redis_remove_all_args)
    remove_redis_arguments(text, spare_);
  else
    obfuscate_redis(text, spare_);
  return arena.keep(spare_);
}

std::string_view Obfuscator::memcached(std::string_view text) const {
  if (!settings_.memcached) return text;
  if (!settings_.memcached_keep_command) return {};
  return runes::trimmed(text.substr(0, text.find("\r\n")));
}

std::string_view Obfuscator::json(std::string_view text, Kind kind, Arena& arena) {
  const bool mongo = kind == Kind::kMongo, elastic = kind == Kind::kElastic;
  if (!(mongo ? settings_.mongodb : elastic ? settings_.elasticsearch : settings_.opensearch)) return text;
  spare_.clear();
  (mongo ? mongodb_ : elastic ? elasticsearch_ : opensearch_).obfuscate(text, sql_, spare_);
  return arena.keep(spare_);
}

// Web spans' URLs get one spelling; others are touched only where something must go.
std::string_view Obfuscator::url(std::string_view text, Kind kind, Arena& arena) {
  const UrlRules rules{settings_.http_remove_query_string, settings_.http_remove_paths_with_digits};
  const bool must_go = rules.without_query || rules.without_digits || text.find('@') != text.npos;
  if ((kind != Kind::kWeb && !must_go) || is_plain_url(text, rules)) return text;
  spare_.clear();
  obfuscate_url(text, rules, spare_);
  return spare_ == text ? text : arena.keep(spare_);
}

}  // namespace traces
