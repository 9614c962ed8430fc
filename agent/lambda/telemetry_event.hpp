// One body of the Telemetry API, understood once: an array of events becomes records for the plugins and facts for the
// host.
//
// One pass over borrowed bytes; records are views into the body, or into memory of the parser where a text has escapes,
// loose white space or bytes that are not UTF-8. An event that is malformed is stepped over and counted, its neighbours
// live; so do those in front of the place where a body breaks off. It refuses to keep anything from batch to batch but
// memory, to know which invocation is running, and to log.
//
// Called by routes with each POST; its batch goes to the invocation state (facts) and to the plugins (records).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lambda/platform_facts.hpp"
#include "lambda/text_arena.hpp"
#include "sls/codec/json.hpp"
#include "sls/plugin.h"

namespace agent {

struct TelemetryBatch {
  std::vector<sls_record> records;   // in the order of the body
  std::vector<PlatformFacts> facts;  // of the platform.* records among them, in their order
  std::size_t malformed = 0;         // elements that were stepped over; what stands behind the array counts as one
  std::size_t unknown_types = 0;     // kept, as SLS_RECORD_OTHER without facts
  std::size_t times_unusable = 0;    // kept, with the time of arrival
  bool unparsable = false;           // not an array at all: no records
};

class TelemetryParser {
 public:
  // `now_ns` stands in for the time of an event that has none. The batch and all its views live until the next call;
  // the body must live as long. The records may be changed by the caller.
  TelemetryBatch& parse(std::string_view body, std::int64_t now_ns);

 private:
  // An event while its members come, in any order.
  struct Event {
    std::uint32_t kind = 0;  // by its type; 0: not known, or not yet
    sls::json::Value time, type, record;
    sls::json::Value id, aws_id;    // members of a function's record
    std::uint32_t looked_into = 0;  // the kind as which the record was looked into: for these ids, or for facts_
    bool sound = false;             // facts_ have what they must have
  };

  void clear();
  void take_elements(sls::json::Cursor& cursor);
  bool take_members(sls::json::Cursor& cursor, Event& event);
  bool take_record(sls::json::Cursor& cursor, Event& event);
  bool look_into(sls::json::Cursor& cursor, Event& event);
  bool settle(Event& event);
  bool keep(Event& event);
  void fill_log(const Event& event, sls_record& out);
  std::string_view compact_text(const sls::json::Value& value);
  bool mend(sls::json::Value& value);

  TelemetryBatch batch_;
  PlatformFacts facts_;  // of the event in hand
  TextArena arena_;
  std::string mended_;  // scratch
  std::int64_t now_ns_ = 0;
};

}  // namespace agent
