// A kind of trigger: how its events are recognised, and what is told of them. One value per file of triggers/, one row
// in trigger_rows.hpp.
//
// `recognises` asks for no more than what tells the kind from others; `describe` takes what is there and leaves out
// what is not, so that an event with a missing or null member keeps its trigger.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "carriers.hpp"
#include "event.hpp"
#include "service_names.hpp"
#include "trigger_facts.hpp"

namespace traces::invocation {

// What a row needs to know besides the event.
struct Surroundings {
  std::string_view region, function_name;  // AWS_DEFAULT_REGION, AWS_LAMBDA_FUNCTION_NAME
  const ServiceNames& services;
  bool all_kinds = false;  // also those of rows that are `when_asked`
};

inline constexpr std::string_view kEventSource = "function_trigger.event_source";
inline constexpr std::string_view kEventSourceArn = "function_trigger.event_source_arn";

// One event on its way to facts: what a row reads from and writes to.
class Sighting {
 public:
  // `inner` is where the events inside the event are read to.
  Sighting(Node root, const Surroundings& surroundings, TriggerFacts& facts_out, Carriers& carriers_out,
           Event (&inner)[2])
      : event(root), around(surroundings), facts(facts_out), carriers(carriers_out), inner_(inner) {}

  const Node event;
  const Surroundings& around;
  TriggerFacts& facts;
  Carriers& carriers;

  // Tags of aws.lambda. Without a value: none.
  void source(std::string_view name, std::string_view arn);
  void tag(std::string_view key, std::string_view value) { set(facts.tags, key, value); }
  void tag(std::string_view key, Node value) { set(facts.tags, key, value); }

  // A span more, the one next to aws.lambda first; null when it has no beginning. Stays where it is.
  InferredSpan* span(std::string_view name, std::string_view type, std::optional<std::int64_t> start);
  void set(InferredSpan& span, std::string_view key, std::string_view value) { set(span.meta, key, value); }
  void set(InferredSpan& span, std::string_view key, Node value) { set(span.meta, key, value); }

  std::string_view keep(std::initializer_list<std::string_view> parts) { return facts.texts.keep(parts); }
  std::string_view service(const ServiceNames::Names& names) { return keep({around.services.of(names)}); }

  // The event that a text of the event is; absent: it is none.
  Node inside(std::string_view text);
  // The region's partition: aws, aws-cn, aws-us-gov.
  std::string_view partition() const;
  std::string_view region() const { return around.region.empty() ? "us-east-1" : around.region; }

 private:
  void set(Texts& where, std::string_view key, std::string_view value) {
    if (!value.empty()) facts.set(where, key, value);
  }
  // What is there, also when it is empty.
  void set(Texts& where, std::string_view key, Node value);

  Event (&inner_)[2];
  unsigned inside_ = 0;
};

struct Trigger {
  std::string_view name;
  bool (*recognises)(Node event);
  void (*describe)(Sighting& sighting);
  bool when_asked = false;  // others name no source for it, so neither is it named without Surroundings::all_kinds
};

}  // namespace traces::invocation

#include "trigger_rows.hpp"
