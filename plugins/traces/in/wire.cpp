#include "in/wire.hpp"

#include "in/json_traces.hpp"
#include "in/v04.hpp"
#include "in/v05.hpp"
#include "in/v07.hpp"
#include "in/v10.hpp"

namespace traces {

std::string_view refusal(Format format, std::string_view body) {
  if (body.empty()) return "the body is empty\n";
  switch (format) {
    case Format::kV04: return V04::refusal(body);
    case Format::kV05: return V05::refusal(body);
    case Format::kV07: return V07::refusal(body);
    case Format::kV10: return V10::refusal(body);
    case Format::kJson: return JsonTraces::refusal(body);
    case Format::kCount: break;
  }
  return "no such format\n";
}

std::unique_ptr<Wire> open_wire(Format format, std::string_view body) {
  switch (format) {
    case Format::kV04: return std::make_unique<V04>(body);
    case Format::kV05: return std::make_unique<V05>(body);
    case Format::kV07: return std::make_unique<V07>(body);
    case Format::kV10: return std::make_unique<V10>(body);
    case Format::kJson: return std::make_unique<JsonTraces>(body);
    case Format::kCount: break;
  }
  return nullptr;
}

std::uint64_t count_spans(Format format, std::string_view body) {
  const std::unique_ptr<Wire> wire = open_wire(format, body);
  Chunk scratch;
  std::uint64_t spans = 0;
  for (;;) {
    const Step step = wire->next(scratch);
    if (step == Step::kEnd || step == Step::kBroken) return spans;
    spans += step == Step::kSpan || step == Step::kBadSpan ? 1 : 0;
    scratch.clear();
  }
}

}  // namespace traces
