// What tracers may ask for: one table of routes, from which the plugin's interests, its answers and `/info` come.
//
// Called by the door. Who adds a product adds its rows here.
#pragma once

#include <cstdint>
#include <string_view>

#include "in/wire.hpp"

namespace traces {

struct Route {
  enum class Ask : std::uint8_t { kTraces, kStats, kServices, kInfo };
  // What a trace route takes: by the content type, and in which words it answers.
  enum class Dialect : std::uint8_t { kNone, kJsonOnly, kJsonOrMsgpack, kMsgpack };
  enum class Answer : std::uint8_t { kOk, kRates, kDocument };

  std::string_view path, methods;
  Ask ask = Ask::kInfo;
  Dialect dialect = Dialect::kNone;
  Format format = Format::kJson;  // of its MessagePack
  Answer answer = Answer::kOk;
  bool listed = true;  // in /info
};

inline constexpr std::string_view kSend = "POST|PUT";
inline constexpr Route kRoutes[] = {
    {"/v0.4/traces", kSend, Route::Ask::kTraces, Route::Dialect::kJsonOrMsgpack, Format::kV04, Route::Answer::kRates},
    {"/v0.5/traces", kSend, Route::Ask::kTraces, Route::Dialect::kMsgpack, Format::kV05, Route::Answer::kRates},
    {"/v0.7/traces", kSend, Route::Ask::kTraces, Route::Dialect::kMsgpack, Format::kV07, Route::Answer::kRates},
    // Answered but not named: the agent names it to nobody yet, so no tracer has to use it.
    {"/v1.0/traces", kSend, Route::Ask::kTraces, Route::Dialect::kMsgpack, Format::kV10, Route::Answer::kRates, false},
    {"/v0.3/traces", kSend, Route::Ask::kTraces, Route::Dialect::kJsonOrMsgpack, Format::kV04},
    {"/v0.2/traces", kSend, Route::Ask::kTraces, Route::Dialect::kJsonOnly, Format::kJson, Route::Answer::kOk, false},
    {"/v0.1/traces", kSend, Route::Ask::kTraces, Route::Dialect::kJsonOnly, Format::kJson, Route::Answer::kOk, false},
    {"/v0.1/spans", kSend, Route::Ask::kTraces, Route::Dialect::kJsonOnly, Format::kJson, Route::Answer::kOk, false},
    {"/spans", kSend, Route::Ask::kTraces, Route::Dialect::kJsonOnly, Format::kJson, Route::Answer::kOk, false},
    {"/v0.6/stats", kSend, Route::Ask::kStats},
    {"/v0.4/services", kSend, Route::Ask::kServices},
    {"/v0.3/services", kSend, Route::Ask::kServices},
    {.path = "/v0.2/services", .methods = kSend, .ask = Route::Ask::kServices, .listed = false},
    {.path = "/v0.1/services", .methods = kSend, .ask = Route::Ask::kServices, .listed = false},
    {.path = "/services", .methods = kSend, .ask = Route::Ask::kServices, .listed = false},
    {.path = "/info", .methods = "GET", .answer = Route::Answer::kDocument}};

// Beside the host's own routes for tracers: the context of the invocation that is under way, as old tracers ask for it
// once start-invocation is answered.
inline constexpr std::string_view kContextPath = "/trace-context", kContextMethods = "GET|POST";
inline constexpr std::uint64_t kContextBodyBytesMax = 64 << 10;  // nothing of it is read

// Which format a body on a trace route has. kCount: the route does not take that media type.
Format format_of(const Route& route, std::string_view content_type, std::string_view body);
// A header that is a truth: absent, empty, 0, f and false are false, everything else is true.
bool is_true(std::string_view value);
// A header that is a count; what is none is 0.
std::uint64_t count_in(std::string_view value);

}  // namespace traces
