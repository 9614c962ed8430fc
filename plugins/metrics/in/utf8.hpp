// UTF-8, as names must be and tags are made to be: protobuf and JSON carry nothing else.
//
// Bytes in, a verdict or mended bytes out. Called by in/packet (names) and by wait (tags of a new context).
#pragma once

#include <string>
#include <string_view>

namespace metrics {

bool is_utf8(std::string_view text);
// `text` appended to `out`, each byte that cannot be read as U+FFFD.
void append_utf8(std::string& out, std::string_view text);

}  // namespace metrics
