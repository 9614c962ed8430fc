// One context as series (field 1 of MetricPayload) or as a sketch (field 1 of SketchPayload), in protobuf.
//
// What is written is a complete repeated field, so that concatenated ones are a payload and a payload may be cut
// between them. A histogram or timing becomes several series, named after what they hold. Called by pipeline; the bytes
// are the parts of a payload.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "out/base_tags.hpp"
#include "out/figures.hpp"

namespace metrics {

// Points of one context with what stands beside them.
struct Entry {
  MetricType type;
  std::string_view name, tags;
  std::span<const Point* const> points;
};

class ProtobufForm {
 public:
  ProtobufForm() = default;
  explicit ProtobufForm(const BaseTags& base);

  void append_series(std::string& out, const Entry& entry, const Histograms& histograms, const BaseTags& base) const;
  void append_sketch(std::string& out, const Entry& entry, const BaseTags& base) const;

 private:
  EncodedTags series_, sketches_;
};

}  // namespace metrics
