// Events and service checks as the JSON that their intakes take: one element each, the parts of a payload.
//
// Events stand in the intake's object under the name of their source type, so one payload holds those of one source
// type. Called by pipeline.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "in/packet.hpp"
#include "out/base_tags.hpp"

namespace metrics {

// An event without a source type is the API's.
inline constexpr std::string_view kSourceTypeDefault = "api";

// `now_s` stands where the sender gave no time; `more` are further tags, joined by commas.
std::string encode_event(const EventLine& event, const BaseTags& base, std::string_view more, std::int64_t now_s);
std::string encode_check(const CheckLine& check, const BaseTags& base, std::string_view more, std::int64_t now_s);
// What stands before and behind the events of one source type.
std::string events_prefix(std::string_view source_type);
inline constexpr std::string_view kEventsSuffix = R"(]},"internalHostname":""})";

}  // namespace metrics
