// One span as JSON. The fields and their leniencies are those of v0.4; bytes are base64.
//
// Called by json_traces.
#pragma once

#include "sls/codec/json.hpp"
#include "span.hpp"

namespace traces {

// False: not usable; the cursor stands somewhere inside. `span` is empty before.
bool take_json_span(sls::json::Cursor& cursor, Span& span, Arena& arena);

}  // namespace traces
