#include "in/wire.hpp"

#include "in/v04.hpp"

namespace traces {

std::string_view refusal(Format format, std::string_view body) {
  switch (format) {
    case Format::kV04: return V04::refusal(body);
  }
  return {};
}

std::unique_ptr<Wire> open_wire(Format format, std::string_view body) {
  switch (format) {
    case Format::kV04: return std::make_unique<V04>(body);
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
