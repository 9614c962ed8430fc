// A list as an operator may write it: a yaml list or a JSON array, or one text with blanks or commas between its
// entries.
//
// It refuses to judge the entries. Called by filters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace traces {

enum class Between { kBlanks, kCommas };

// Entries that are empty are passed over; a map's members ("- env: prod") are entries "env:prod". Between commas an
// entry may be quoted, with "" for a quote in it. A text that is no JSON array is taken as it stands.
std::vector<std::string> entries_of(std::string_view value, Between between);

}  // namespace traces
