// A line with bytes of its own: for those that wait before they become entries. Used by attribution and held_lines.
#pragma once

#include <string>

#include "line.hpp"

namespace logs {

class KeptLine {
 public:
  explicit KeptLine(const Line& line)
      : text_(line.text),
        tags_(line.tags),
        execution_id_(line.execution_id),
        execution_name_(line.execution_name),
        sampling_rule_(line.sampling.rule),
        line_(line) {}

  static std::size_t bytes_of(const Line& line) {
    return line.text.size() + line.tags.size() + line.execution_id.size() + line.execution_name.size()
           + line.sampling.rule.size() + sizeof(KeptLine);
  }
  // Its views live as long as this one, and the id as long as the given.
  Line line(std::string_view request_id) const {
    Line out = line_;
    out.text = text_;
    out.tags = tags_;
    out.execution_id = execution_id_;
    out.execution_name = execution_name_;
    out.sampling.rule = sampling_rule_;
    out.request_id = request_id;
    return out;
  }

 private:
  std::string text_, tags_, execution_id_, execution_name_, sampling_rule_;
  Line line_;  // its views are stale
};

}  // namespace logs
