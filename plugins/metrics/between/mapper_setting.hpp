// dogstatsd_mapper_profiles as the operator wrote it: a list of profiles, each with mappings, as JSON.
//
// A mapping that cannot be used costs itself, a profile without name or prefix itself, and each a sentence that says
// which, what was wanted and what was found. The regex engine is opened for the first pattern that needs it. Called by
// plugin.cpp.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "between/mapper.hpp"

namespace metrics {

inline constexpr std::size_t kMappingsMax = 1000;              // of all profiles; the others are left out
inline constexpr std::size_t kMappingRegexBytesMax = 1 << 20;  // of each compiled pattern's cache

// Null: there is no engine, and why.
using OpenEngine = std::function<const sls::RegexEngine*(std::string& error)>;

std::vector<MapperProfile> read_mapper_profiles(std::string_view setting, const OpenEngine& open_engine,
                                                std::vector<std::string>& findings);

}  // namespace metrics
