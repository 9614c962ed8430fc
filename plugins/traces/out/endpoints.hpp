// Where traces are shipped to: the intake, and the further endpoints that the operator named.
//
// What cannot be used is left out with a sentence that shows no key. Called by the door.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace traces {

struct Destination {
  std::string url, api_key;  // empty key: the host's
};

// "https://host:port" or with a path; slashes at the end are taken off. False: unusable.
bool usable_url(std::string& url);
// `json`: {"https://trace.agent.datadoghq.eu": ["key", …], …}; one destination per key. `findings` gets a sentence for
// each that is not usable.
std::vector<Destination> further_destinations(std::string_view json, std::vector<std::string>& findings);

}  // namespace traces
