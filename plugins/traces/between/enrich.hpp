// What every span of a function carries: the function's tags, its service, its origin.
//
// The function's tags win over the tracer's, in the same order on every span (a payload is compressed better so). The
// texts are its own and live as long as it. It refuses to make tags (the host does). Called by trades for every span
// that is kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "span.hpp"

namespace traces {

struct FunctionFacts {
  std::vector<std::pair<std::string, std::string>> tags;
  std::string service, name;             // as the operator configured it; of the function
  bool services_are_represented = true;  // DD_TRACE_AWS_SERVICE_REPRESENTATION_ENABLED
};

class Enrichment {
 public:
  Enrichment() : Enrichment(FunctionFacts{}) {}
  explicit Enrichment(FunctionFacts facts);

  // `counted`: somebody computes statistics of this span; otherwise the backend is asked to.
  void apply(Span& span, bool counted);

 private:
  void overwrite(Span& span);

  std::string service_, base_service_;
  std::vector<std::pair<std::string, std::string>> tags_;
  std::vector<std::uint32_t> seen_;  // per tag: the span that had it already
  std::uint32_t span_ = 0;
  // The first tag whose key is of that shape, and the next one like it: most keys of a span are none of ours, which
  // their shape says. kNone: no more.
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::array<std::size_t, 64> by_shape_;
  std::vector<std::size_t> next_;
};

}  // namespace traces
