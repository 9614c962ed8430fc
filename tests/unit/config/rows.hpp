// Rows and sources for the tests of the settings room: short to write, readable in a table.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace agent::testing {

inline sls_str str(std::string_view text) { return {text.data(), text.size()}; }

struct RowText {
  std::string_view key, yaml, env, type, fallback = "", minimum = "", maximum = "";
  std::uint32_t flags = 0;
};

inline sls_option row(const RowText& text) {
  sls_option row{};
  row.size = sizeof row;
  row.flags = text.flags;
  row.key = str(text.key);
  row.yaml = str(text.yaml);
  row.env = str(text.env);
  row.type = str(text.type);
  row.fallback = str(text.fallback);
  row.minimum = str(text.minimum);
  row.maximum = str(text.maximum);
  row.about = str("For a test.");
  return row;
}

// One table with one row, read from an environment and a yaml text.
struct Reading {
  Findings findings;
  OptionTable table;
  Sources sources;
  Resolved resolved;

  Reading(const std::vector<sls_option>& rows, Sources::Environment environment, std::string_view yaml,
          std::string owner = "acme")
      : table(std::move(owner), rows.data(), rows.size()),
        sources(Sources::from_text(std::move(environment), "datadog.yaml", yaml, findings)),
        resolved(sources.resolve(table, findings)) {}

  const Value& value(std::string_view key = "x") const { return *resolved.find(key); }
  std::string finding(std::size_t i = 0) const {
    return i < findings.all().size() ? findings.all()[i].text : std::string("(none)");
  }
  std::string all_findings() const {
    std::string text;
    for (const Finding& finding : findings.all()) text += finding.text + "\n";
    return text;
  }
};

}  // namespace agent::testing
