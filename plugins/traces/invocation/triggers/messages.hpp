// Messages that travel inside other messages: SNS notifications and EventBridge events, as events of their own and in
// the bodies of SQS and SNS.
//
// Each is implemented by its kind's own file, and called by the kinds that carry it.
#pragma once

#include <string_view>

#include "../trigger.hpp"

namespace traces::invocation::triggers {

// A message attribute's context: JSON in a text or in base64. False: the attribute is not there, of another type or
// without a value, so that one looks elsewhere. `names` are those of the service.
struct AttributeNames {
  std::string_view type, text, binary;
};
bool put_attribute(Sighting& sighting, Node attribute, const AttributeNames& names);

// A text that may be an event inside: what it would have to contain is looked for before it is unescaped and read, so
// that a large body that is none costs no more than that.
Node message_inside(Sighting& sighting, Node text, std::string_view needed);

bool is_notification(Node entity);
// The context of `entity`, which is Records[0].Sns or a body of SQS: its attribute, else that of the EventBridge event
// in it. `message`: what message_inside made of it.
void put_notification(Sighting& sighting, Node entity, Node message);
InferredSpan* add_notification_span(Sighting& sighting, Node entity);

bool is_bus_event(Node event);
void put_bus_event(Sighting& sighting, Node event);
InferredSpan* add_bus_event_span(Sighting& sighting, Node event);

}  // namespace traces::invocation::triggers
