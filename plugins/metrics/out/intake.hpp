// Where metrics may go. Called by plugin.cpp.
#pragma once

#include <string>

namespace metrics {

// "https://host:port" without a path; a slash at the end is taken off. False: unusable.
bool usable_url(std::string& url);

}  // namespace metrics
