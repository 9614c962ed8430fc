// The one file that outlives a sandbox's processes: written at the end, taken by the next start. I/O only.
//
// Private to its owner (mode 0600), never through a link, and gone before its content is used, so that nothing is sent
// twice by it. What lies there and is not of this kind is removed where that is allowed, and not read. Called by
// forward/forwarder; forward/spool says what is in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace agent {

// The content, and the file is removed. kNotFound: there is none. Otherwise the error's text is one word for a counter:
// "huge", "link", "foreign" (another owner, another kind of file, open to others), "unreadable", "stuck" (it cannot be
// removed).
Result<std::string> take_spool_file(const std::string& path, std::size_t bytes_max);
// Whole or not at all. The error says what the system said.
Status put_spool_file(const std::string& path, std::string_view bytes);

}  // namespace agent
