// One context as series in JSON: the form of /api/v2/series, or that of the older /api/v1/series.
//
// What is written are complete elements of the array "series", one per figure, joined by commas. Called by pipeline
// where the settings ask for JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "out/series.hpp"

namespace metrics {

enum class SeriesForm : std::uint8_t { kProtobuf, kJsonV2, kJsonV1 };

inline constexpr std::string_view kSeriesJsonPrefix = R"({"series":[)", kSeriesJsonSuffix = "]}";

void append_series_json(std::string& out, SeriesForm form, const Entry& entry, const Histograms& histograms,
                        const BaseTags& base);

}  // namespace metrics
