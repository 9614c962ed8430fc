// Obfuscation of a span: what it says stays, the values in it go.
//
//   Obfuscator obfuscator(settings);      // settings: sls::read_options<ObfuscationSettings>(sandbox)
//   obfuscator.apply(span, chunk.arena);  // after enrichment, before replace rules
//
// The resource by the span's type; tags by their names, in a span of any type and as often as a name is there; card
// numbers wherever they stand. It fails closed: a text that cannot be understood is replaced. It refuses to drop, to
// count and to log.
// Called by trades; `obfuscate_resource` also by whoever merges statistics that a client made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json_obfuscation.hpp"
#include "obfuscation_options.hpp"
#include "span.hpp"
#include "sql.hpp"

namespace traces {

class Obfuscator {
 public:
  explicit Obfuscator(const ObfuscationSettings& settings);

  // Texts that change go into the arena.
  void apply(Span& span, Arena& arena);
  // The resource that a span of that type would have; `dbms` as in db.type.
  std::string_view obfuscate_resource(std::string_view type, std::string_view dbms, std::string_view resource,
                                      Arena& arena);

 private:
  enum class Kind : std::uint8_t { kOther, kSql, kRedis, kValkey, kMemcached, kMongo, kElastic, kOpen, kWeb };
  static Kind kind_of(std::string_view type);

  void apply_to_tag(const Span& span, std::string_view key, std::string_view& value, Kind kind, Arena& arena);
  void apply_to_event(SpanEvent& event);
  void apply_to_attribute(AttributeValue& value);
  bool may_hold_card(std::string_view key) const;
  // A statement in the language of a kind of system.
  std::string_view statement(std::string_view text, Kind kind, Dbms dbms, Arena& arena);
  std::string_view sql(std::string_view text, Dbms dbms, Arena& arena);
  std::string_view redis(std::string_view text, Kind kind, Arena& arena);
  std::string_view memcached(std::string_view text) const;
  std::string_view json(std::string_view text, Kind kind, Arena& arena);
  std::string_view url(std::string_view text, Kind kind, Arena& arena);
  static Dbms dbms_in(const Span& span);
  // Which system's statements a span of that kind holds.
  static Kind language_of(const Span& span, Kind kind);

  ObfuscationSettings settings_;
  SqlObfuscator sql_;
  JsonObfuscator mongodb_, elasticsearch_, opensearch_;
  std::string spare_;
  std::string_view statement_, obfuscated_;  // the last of the span at hand: its tags often repeat its resource
};

}  // namespace traces
