// Events and service checks as the JSON that their intakes take: one element each, the parts of a payload.
//
// Events stand in the intake's object under the name of their source type, so one payload holds those of one source
// type. Called by pipeline.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "in/packet.hpp"

namespace metrics {

// An event without a source type is the API's.
inline constexpr std::string_view kSourceTypeDefault = "api";

// `now_s` stands where the sender gave no time.
std::string encode_event(const EventLine& event, std::span<const std::string> base_tags, std::int64_t now_s);
std::string encode_check(const CheckLine& check, std::span<const std::string> base_tags, std::int64_t now_s);
// What stands before and behind the events of one source type.
std::string events_prefix(std::string_view source_type);
inline constexpr std::string_view kEventsSuffix = R"(]},"internalHostname":""})";

}  // namespace metrics
