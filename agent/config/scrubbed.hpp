// Documents without credentials: yaml or JSON in, the same document out, indented by two, in the order that it had.
//
// Values are hidden by their keys, and every text, keys included, is looked through (sls/codec/scrub) before quotes
// stand around it. Comments, anchors and the choice of quotes are lost; spellings of numbers and booleans stay. What
// cannot be read as such a document (more than one of them, nested too deeply, too large) is scrubbed as text, line by
// line. Called by the command `scrub`.
#pragma once

#include <string>
#include <string_view>

#include "sls/codec/scrub.hpp"

namespace agent {

std::string scrubbed_yaml(sls::Scrubber& scrubber, std::string_view text);
std::string scrubbed_json(sls::Scrubber& scrubber, std::string_view text);

}  // namespace agent
