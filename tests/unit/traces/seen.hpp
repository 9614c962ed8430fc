// One event, recognised: what tests of triggers look at.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "invocation/recogniser.hpp"

namespace seen {

using namespace traces::invocation;

struct Around {
  std::string_view region = "eu-west-1";
  std::string_view mapping;
  bool instances = true;
  bool all_kinds = false;
  std::span<const Trigger* const> rows = trigger_rows();
};

// The event lives as long as what was seen of it, since carriers are views into it.
struct Seen {
  std::string event;
  Recogniser recogniser;
  TriggerFacts facts;
  Carriers carriers;

  const InferredSpan& span(std::size_t i = 0) const { return facts.spans.at(i); }
  std::string meta(std::string_view key, std::size_t i = 0) const {
    for (const auto& [name, value] : facts.spans.at(i).meta)
      if (name == key) return std::string(value);
    return "(none)";
  }
  std::string tag(std::string_view key) const {
    for (const auto& [name, value] : facts.tags)
      if (name == key) return std::string(value);
    return "(none)";
  }
  std::string carried(std::string_view name) const {
    const std::string_view* value = carriers.trigger.find(name);
    return value == nullptr ? "(none)" : std::string(*value);
  }
};

inline Seen see(std::string event, const Around& around = {}) {
  std::vector<std::string> unusable;
  const ServiceNames services(around.mapping, around.instances, unusable);
  Seen out{std::move(event), Recogniser(around.rows), {}, {}};
  out.recogniser.recognise(out.event, Surroundings{around.region, "checkout", services, around.all_kinds}, out.facts,
                           out.carriers);
  return out;
}

// JSON as a text inside JSON.
inline std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace seen
