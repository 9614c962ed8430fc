// What of a text may be shown to a person in a log line or in GET /status.
//
// Operators paste keys into the wrong setting and passwords into proxy addresses, and our log goes to
// Datadog: so whatever looks like a credential is replaced, wherever it stands. It is no masking of the
// customer's logs (that is a plugin's trade) and no guarantee: values of SECRET rows are not passed here at
// all.
#pragma once

#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "sls/codec/regex.hpp"

namespace agent {

inline constexpr std::string_view kHidden = "[hidden]";

// Without credentials, on one line, cut at 100 bytes with an ellipsis.
std::string shown_text(std::string_view text);

// Through the scrubber, which knows many more kinds: for a message or a text of unknown make, which stays as long as it
// is, up to 16 KiB. Opens the regex engine where there is something to look at; where there is none, such a text is
// withheld whole. Every line of the agent's own log goes through it (base/log).
std::string scrubbed(std::string_view text);

// The engine of scrubbed() and of the command `scrub`: lib/regex.so beside the agent. Null, and why, without it.
const sls::RegexEngine* open_own_regex_engine(std::string& error);
// For tests, which do not lie beside it; before the first use.
void set_regex_library(std::string path);

}  // namespace agent
