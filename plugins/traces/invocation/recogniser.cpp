#include "recogniser.hpp"

namespace traces::invocation {
namespace {

constexpr const Trigger* kRows[] = {
#define SLS_TRIGGER_POINTER(name) &triggers::name,
    SLS_TRIGGER_ROWS(SLS_TRIGGER_POINTER)
#undef SLS_TRIGGER_POINTER
};

}  // namespace

std::span<const Trigger* const> trigger_rows() { return kRows; }

void Recogniser::recognise(std::string_view text, const Surroundings& around, TriggerFacts& facts, Carriers& carriers) {
  carriers.clear();
  if (text.size() > kEventBytesMax || !event_.read(text)) return;
  const Node event = event_.root();
  for (const Trigger* row : rows_) {
    if ((row->when_asked && !around.all_kinds) || !row->recognises(event)) continue;
    facts.trigger = row->name;
    Sighting sighting(event, around, facts, carriers, inner_);
    row->describe(sighting);
    for (InferredSpan& span : facts.spans)
      if (span.service.empty()) span.service = span.name;
    break;
  }
  put_texts(carriers.request_headers, event["request"]["headers"]);
  if (carriers.trigger.empty()) put_texts(carriers.headers, event["headers"]);
}

void Recogniser::release(Carriers& carriers) {
  carriers.clear();
  event_.clear();
  for (Event& each : inner_) each.clear();
}

}  // namespace traces::invocation
