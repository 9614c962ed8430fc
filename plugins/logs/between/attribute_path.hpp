// Where an attribute stands in a JSON text: "user.email", with "\." for a dot in a name.
//
// Arrays on the way are gone through; a name may be written with its dots as one key, too. A text that is no complete
// JSON object has no attributes. Called by processing_rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sls/codec/json.hpp"

namespace logs {

class AttributePath {
 public:
  // Nothing: a name of it is empty.
  static std::optional<AttributePath> parse(std::string_view text);

  // The values of this attribute, in the order of the text, as views into it; valid until the next call.
  const std::vector<sls::json::Value>& values_in(std::string_view text);

 private:
  void collect(const sls::json::Value& value, std::size_t depth);

  std::vector<std::string> names_;
  std::vector<std::string> tails_;  // names_ from i on, joined by dots
  std::vector<sls::json::Value> found_;
};

}  // namespace logs
