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

namespace agent {

inline constexpr std::string_view kHidden = "[hidden]";

// Without credentials, on one line, cut at 100 bytes with an ellipsis.
std::string shown_text(std::string_view text);

}  // namespace agent
