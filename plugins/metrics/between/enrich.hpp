// What a line means once the settings have been applied: its name under the namespace, mapped or kept out, its tags
// after the tag rules. One answer per new spelling of name and tags; the aggregator remembers it.
//
// The order is: mapper, namespace, filter, tags. Samples of other plugins and of the agent itself pass name and filter
// unchanged. It keeps nothing of what it is asked, but for the mapper's bounded cache. Called by wait.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "between/mapper.hpp"
#include "between/metric_names.hpp"
#include "between/tag_rules.hpp"

namespace metrics {

inline constexpr std::size_t kNameBytesMax = 350;  // the intake refuses longer names

// Where a sample comes from: posted, over the wire, or a histogram's copy that becomes a distribution.
enum class Origin : std::uint8_t { kPosted, kWire, kCopy };

struct Identity {
  std::string name;
  std::string tags;  // sorted, each once, joined by commas
};

class Enricher {
 public:
  enum class Verdict : std::uint8_t { kTaken, kInvalid, kFiltered };

  void use(Mapper mapper) { mapper_ = std::move(mapper); }
  void use(Namespace with) { namespace_ = std::move(with); }
  void use(NameFilter filter) { filter_ = std::move(filter); }
  // "k:v" each, on everything that came over the wire.
  void add_tags(const std::vector<std::string>& tags);
  void set_copy_prefix(std::string prefix) { copy_prefix_ = std::move(prefix); }

  Verdict enrich(Origin origin, std::string_view name, std::string_view tags, Identity& out);
  const std::string& tags() const { return tags_; }

 private:
  Mapper mapper_;
  Namespace namespace_;
  NameFilter filter_;
  std::string tags_, copy_prefix_, more_tags_;
  TagRules rules_;
};

}  // namespace metrics
