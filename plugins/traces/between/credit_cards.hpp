// Whether a text is a card number, and which tags cannot hold one.
//
// Called by obfuscate, for every tag of every span: what is none is told by its first bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace traces {

// Twelve to sixteen digits behind an issuer's prefix, blanks and dashes anywhere; `luhn`: whose check digit fits.
bool is_card_number(std::string_view text, bool luhn);
// False: by its length or its ends, it is none. Nearly every text is told so.
inline bool may_be_card_number(std::string_view text) {
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || c == ' ' || c == '-'; };
  return text.size() >= 12 && fits(text.front()) && fits(text.back());
}
bool is_card_number(std::int64_t number, bool luhn);
bool is_card_number(double number, bool luhn);

// Tags that never hold one, whatever they look like.
bool is_never_a_card(std::string_view key);

}  // namespace traces
