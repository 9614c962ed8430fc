// Log sampling: of lines that match a pattern only a part is kept, and each kept line says how many it stands for.
//
// Not at random: with a rate of 0.1 the first line is kept and then every tenth, so that the counts add up. The first
// rule that matches a line counts. Lines of the platform are never sampled. A rule that cannot be used is an ERROR and
// samples nothing: then more is shipped, not less. Called by the pipeline, after the processing rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "between/processing_rules.hpp"
#include "finding.hpp"
#include "line.hpp"

namespace logs {

class LogSampling {
 public:
  LogSampling() = default;
  // `setting`: a JSON list of maps with pattern, rate (0 to 1) and perhaps a name, or a text that holds it.
  LogSampling(std::string_view setting, std::string_view origin, OpenEngine open, Findings& findings);

  bool empty() const { return rules_.empty(); }
  // False: the line is dropped. A kept one is told what it stands for.
  bool keep(Line& line);

 private:
  struct Rule {
    std::string name;
    sls::Regex regex;
    double rate = 1;
    double credit = 0;           // a line is kept when it has come to one
    std::uint64_t left_out = 0;  // since the last kept one
  };

  bool add(std::size_t index, std::string_view entry, const sls::RegexEngine& engine, std::string& reason);

  std::vector<Rule> rules_;
};

}  // namespace logs
