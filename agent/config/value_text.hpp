// From what an operator wrote to a value's canonical text: one rule per type of row, two spellings (raw text
// from a variable or a yaml string; a yaml node).
//
// Pure: it knows no source, no precedence and writes no finding; Sources decides what is used instead and
// says so. A text that is empty, or a list or map without entries, is no value: the next source counts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "config/yaml_tree.hpp"

namespace agent {

inline std::string_view view(sls_str text) { return {text.data, text.len}; }

enum class OptionType {
  kBool,
  kInt,
  kUint,
  kFloat,
  kString,
  kStringOrInt,
  kSeconds,
  kMicros,
  kCsv,
  kKeyValues,
  kList,
  kMap,
  kJson
};
OptionType option_type(const sls_option& row);  // a type that we do not know is read as a string

struct Conversion {
  enum class Kind { kValue, kNothing, kUnusable };
  Kind kind = Kind::kNothing;
  std::string text;                  // kValue: canonical
  std::string found;                 // kUnusable: what was there, not scrubbed
  std::vector<std::string> dropped;  // parts of a list that cannot be used while the rest can, not scrubbed
};

Conversion convert_text(const sls_option& row, std::string_view raw);
Conversion convert_yaml(const sls_option& row, const YamlTree& tree, const YamlNode& node);

// "a whole number from 1 to 22", for findings.
std::string wanted(const sls_option& row);

// The strings of a JSON array; elements that are not strings are given as their JSON.
std::vector<std::string> json_strings(std::string_view array);

}  // namespace agent
