// Names of metrics that came over the wire: put under a namespace, or kept out by a list.
//
// Both are values made of settings once. What other plugins and the agent itself post is neither renamed nor kept out.
// Called by enrich, for each context that was not seen before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace metrics {

// Becomes "NAMESPACE.NAME", unless the name begins with one of the exempt prefixes.
class Namespace {
 public:
  Namespace() = default;
  // `text` with or without its dot; `exempt` empty: the names of well-known libraries.
  Namespace(std::string_view text, std::vector<std::string> exempt);
  // A letter, then letters, digits, '_' and '.'.
  static bool usable(std::string_view text);

  bool empty() const { return prefix_.empty(); }
  void apply(std::string& name) const;

 private:
  std::string prefix_;
  std::vector<std::string> exempt_;
};

// Names, or beginnings of names, that are dropped.
class NameFilter {
 public:
  NameFilter() = default;
  NameFilter(std::vector<std::string> names, bool prefixes);

  bool empty() const { return names_.empty(); }
  bool drops(std::string_view name) const;

 private:
  std::vector<std::string> names_;  // sorted; of prefixes none begins with another
  bool prefixes_ = false;
};

}  // namespace metrics
