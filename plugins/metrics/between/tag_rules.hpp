// Tags as they wait and leave: mended to UTF-8, sorted, each once, those that are instructions taken out.
//
// Instructions are `host:` (a function has no host of its own) and what begins with `dd.internal.` (entity ids, the
// cardinality, the name of a check), but for `dd.internal.resource:TYPE:NAME`, which with `device:NAME` names a
// resource: the intake takes it as such and refuses it as a tag. Nothing else is changed: no case, no characters, no
// empty value. Texts in, texts out. Called by enrich for each new context, and by out/ for events, checks and
// resources.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "in/packet.hpp"

namespace metrics {

inline constexpr std::size_t kTagsMax = 100;      // the intake refuses more tags
inline constexpr std::size_t kTagBytesMax = 200;  // and longer ones

// Not shipped as a tag, whatever it is for.
bool is_instruction(std::string_view tag);

struct Resource {
  std::string_view type, name;  // views into the tag
};
// False: the tag names no resource.
bool names_resource(std::string_view tag, Resource& out);

class TagRules {
 public:
  // `tags` and `more`, both joined by commas, into `out`, joined by commas. False: more or longer ones than the intake
  // takes.
  bool apply(std::string_view tags, std::string_view more, std::string& out);

 private:
  std::string mended_;
  std::vector<std::string_view> views_;
};

}  // namespace metrics
