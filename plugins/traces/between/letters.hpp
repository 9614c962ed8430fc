// Decimal digits and lower case beyond ASCII, as the rules for tags want them; the rest of what is asked about code
// points is in runes. Called by tag_text.
#pragma once

#include <cstdint>

namespace traces {

// Beyond ASCII; ASCII is the caller's fast path.
bool is_decimal_digit(std::uint32_t code);
// Of an upper-case letter whose lower case takes as many bytes in UTF-8; else the code itself.
std::uint32_t lower_of_same_bytes(std::uint32_t code);

}  // namespace traces
