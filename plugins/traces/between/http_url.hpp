// URLs without what nobody else may read: user names and passwords always go, queries and path segments with digits
// where that is asked for.
//
// What is kept is written as the agent writes it: parsed and put together again by the rules of RFC 3986, so that one
// address has one spelling. A text that is no URL is `?` where it may hold something that was to go, else stays.
// Called by obfuscate.
#pragma once

#include <string>
#include <string_view>

namespace traces {

struct UrlRules {
  bool without_query = false, without_digits = false;
};

// One of the web that stays as it is: nothing in it is escaped, nothing has to go. Some that stay are not plain.
bool is_plain_url(std::string_view text, const UrlRules& rules);
// Appends to `out`.
void obfuscate_url(std::string_view text, const UrlRules& rules, std::string& out);

}  // namespace traces
