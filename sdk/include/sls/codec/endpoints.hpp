// The settings `additional_endpoints`: a map of URL to a list of API keys, {"https://HOST": ["KEY", …], …}.
//
// As JSON, or as a text that holds it (a variable in a yaml's quotes). An entry that cannot be used costs itself and a
// sentence, in which no key and no URL stands. What a usable URL is the caller knows. Called by the plugins that ship
// to further intakes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sls {

struct KeyedUrl {
  std::string url, api_key;  // empty key: the host's
};

// One per key. `usable`: judges a URL, and may tidy it.
std::vector<KeyedUrl> read_keyed_urls(std::string_view setting, bool (*usable)(std::string& url),
                                      std::vector<std::string>& findings);

// Without what may stand around the JSON of a setting: blanks, and the quotes of a text. Blank or `null`: empty. A view
// into `setting` or `spare`.
std::string_view setting_as_json(std::string_view setting, std::string& spare);

}  // namespace sls
