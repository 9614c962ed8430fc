// Where metrics go: the intake and the further ones that get copies.
//
// Settings in, addresses and sentences out; an entry that cannot be used costs itself. Keys never stand in a sentence.
// Called by plugin.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace metrics {

struct IntakeAddress {
  std::string url, api_key;  // empty key: the host's
};

// "https://host:port" without a path; a slash at the end is taken off. False: unusable.
bool usable_url(std::string& url);

// `setting`: a map of URL to a list of keys, as JSON, or as a text that holds it; empty: none.
std::vector<IntakeAddress> read_additional(std::string_view setting, std::vector<std::string>& findings);

}  // namespace metrics
