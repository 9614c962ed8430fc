// Where traces may be shipped to. Called by the door.
#pragma once

#include <string>

namespace traces {

// "https://host:port" or with a path; slashes at the end are taken off. False: unusable.
bool usable_url(std::string& url);

}  // namespace traces
