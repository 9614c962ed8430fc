// An event or a response as tags: function.request.* and function.response.*, one per leaf, on request of the operator.
//
// What a key calls a secret leaves as `redacted`, whatever its type, at any depth, in any letter case. Bounded in tags
// and in bytes; a text is cut at 4096 characters. It refuses to be called where capture is off. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "execution.hpp"

namespace traces::invocation {

inline constexpr std::size_t kCapturedTagsMax = 512;         // of one payload; the rest is left out
inline constexpr std::size_t kCapturedBytesMax = 256 << 10;  // of one payload's tags
inline constexpr std::size_t kCapturedCharactersMax = 4096;  // of one tag
inline constexpr std::size_t kCapturedKeyBytesMax = 1000;    // of a key; a member whose key would be longer is left out
inline constexpr std::size_t kCapturedNodesMax = 64 << 10;   // objects, arrays and leaves that are looked at
inline constexpr unsigned kCaptureDepthMax = 64;             // the largest that may be set

// `root` is the key of the whole. What is no JSON counts as {}.
void capture(std::string_view root, std::string_view payload, unsigned depth_max, OwnTexts& out);

}  // namespace traces::invocation
