// datadog.yaml: from a file or from bytes to a tree (config/yaml_tree), with every way to fail said in one
// finding.
//
// The only file that sees the yaml library. A missing file is no finding; one that is there
// and cannot be used is an ERROR, and what may have stood in it is remembered, so that a setting which
// protects data can fail closed. Called by Sources; values are made of the tree by config/value_text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "config/yaml_tree.hpp"

namespace agent {

struct YamlDocument {
  enum class State {
    kAbsent,  // no file, or nothing in it
    kRead,
    kBroken,   // `raw` holds its text
    kUnknown,  // there is a file, and its content is not known
  };

  std::string path;  // as shown in findings
  State state = State::kAbsent;
  std::string why;  // kBroken, kUnknown: "line:column: what", or what the operating system says
  std::string raw;
  YamlTree tree;

  // Whether a setting with this dotted path may stand in a file that cannot be used: its last part does.
  bool may_hold(std::string_view dotted_path) const;
  std::string where(YamlMark mark) const;  // "datadog.yaml:12:5"
};

// Only the first document counts. The error's text begins with line:column.
Result<YamlTree> parse_yaml(std::string_view text);

YamlDocument read_yaml_file(std::string path, Findings& findings);
YamlDocument read_yaml_text(std::string path, std::string_view text, Findings& findings);

}  // namespace agent
