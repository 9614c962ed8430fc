#include "trigger.hpp"

namespace traces::invocation {

void Sighting::source(std::string_view name, std::string_view arn) {
  tag(kEventSource, name);
  tag(kEventSourceArn, arn);
}

void Sighting::set(Texts& where, std::string_view key, Node value) {
  using sls::json::Kind;
  const Kind kind = value.kind();
  if (kind == Kind::kString || kind == Kind::kNumber || kind == Kind::kTrue || kind == Kind::kFalse) {
    facts.set(where, key, value.words());
  }
}

InferredSpan* Sighting::span(std::string_view name, std::string_view type, std::optional<std::int64_t> start) {
  if (!start || facts.spans.size() == 2) return nullptr;
  facts.spans.reserve(2);
  InferredSpan& span = facts.spans.emplace_back();
  span.name = name;
  span.type = type;
  span.start = *start;
  return &span;
}

Node Sighting::inside(std::string_view text) {
  if (inside_ == 2) return {};
  Event& inner = inner_[inside_++];
  inner.read(text);
  return inner.root();
}

std::string_view Sighting::partition() const {
  if (region().starts_with("us-gov-")) return "aws-us-gov";
  return region().starts_with("cn-") ? "aws-cn" : "aws";
}

}  // namespace traces::invocation
