#include "between/replace.hpp"

#include <charconv>
#include <cmath>
#include <utility>

namespace traces {
namespace {

constexpr std::string_view kEnv = "env";

template <class Number>
bool parse(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}
bool parse_finite(std::string_view text, double& out) { return parse(text, out) && std::isfinite(out); }

// A number in plain decimals, the fewest that mean it: what a pattern is matched against.
class Digits {
 public:
  explicit Digits(std::int64_t value) : end_(std::to_chars(text_, text_ + sizeof text_, value).ptr) {}
  explicit Digits(double value)
      : end_(std::to_chars(text_, text_ + sizeof text_, value, std::chars_format::fixed).ptr) {}
  std::string_view text() const { return {text_, static_cast<std::size_t>(end_ - text_)}; }

 private:
  char text_[344];  // of the smallest double: 0. and 325 digits more, and a sign
  char* end_;
};

// What a replaced number or truth value is now.
AttributeValue attribute_of(std::string_view text, Arena& arena) {
  AttributeValue out;
  if (parse(text, out.integer)) {
    out.type = AttributeValue::Type::kInteger;
  } else if (parse_finite(text, out.number)) {
    out.type = AttributeValue::Type::kDouble;
  } else if (text == "true" || text == "false") {
    out.type = AttributeValue::Type::kBool;
    out.truth = text == "true";
  } else {
    out.text = arena.keep(text);
  }
  return out;
}

}  // namespace

void ReplaceRules::push(Rule rule) {
  rule.target = rule.name == "*"               ? Target::kEverything
                : rule.name == "resource.name" ? Target::kResource
                                               : Target::kNamed;
  rules_.push_back(std::move(rule));
}

void ReplaceRules::add(std::string name, sls::Regex pattern, std::string_view replacement) {
  sls::Replacement made(replacement, pattern);
  push({std::move(name), Target::kNamed, std::move(pattern), std::move(made), {}});
}

void ReplaceRules::add_unusable(std::string name) {
  std::string withheld = "[withheld: rule " + name + "]";
  push({std::move(name), Target::kNamed, {}, {}, std::move(withheld)});
}

bool ReplaceRules::rewrite(const Rule& rule, std::string_view text, std::string_view& out) {
  if (!rule.pattern) return out = rule.withheld, true;
  if (!rule.replacement.replace_all(rule.pattern, text, spare_)) return false;
  return out = spare_, true;
}

void ReplaceRules::rewrite(const Rule& rule, std::string_view& text, Arena& arena) {
  std::string_view out;
  if (rewrite(rule, text, out) && out != text) text = arena.keep(out);
}

void ReplaceRules::apply_to_metrics(const Rule& rule, Span& span, Arena& arena) {
  const auto no_number = [&](auto& metric) {
    auto& [key, value] = metric;
    if (rule.target == Target::kEverything ? key.starts_with('_') : key != rule.name) return false;
    if (rule.pattern && !std::isfinite(value)) return false;
    std::string_view out;
    const Digits digits(std::isfinite(value) ? value : 0);
    if (!rewrite(rule, digits.text(), out) || out == digits.text() || parse_finite(out, value)) return false;
    span.meta.emplace_back(key, arena.keep(out));
    return true;
  };
  std::size_t kept = 0;
  for (std::size_t i = 0; i < span.metrics.size(); ++i)
    if (!no_number(span.metrics[i])) span.metrics[kept++] = span.metrics[i];
  span.metrics.resize(kept);
}

void ReplaceRules::apply_to_attribute(const Rule& rule, AttributeValue& value, Arena& arena) {
  using Type = AttributeValue::Type;
  std::string_view out;
  const auto replace = [&](std::string_view text) {
    if (rewrite(rule, text, out) && out != text) value = attribute_of(out, arena);
  };
  switch (value.type) {
    case Type::kText: return rewrite(rule, value.text, arena);
    case Type::kBool: return replace(value.truth ? "true" : "false");
    case Type::kInteger: return replace(Digits(value.integer).text());
    case Type::kDouble:
      if (rule.pattern && !std::isfinite(value.number)) return;
      return replace(Digits(std::isfinite(value.number) ? value.number : 0).text());
    case Type::kArray:
      for (AttributeValue& each : value.values) apply_to_attribute(rule, each, arena);
  }
}

void ReplaceRules::apply(const Rule& rule, Span& span, Arena& arena) {
  if (rule.target != Target::kNamed) rewrite(rule, span.resource, arena);
  if (rule.target == Target::kResource) return;
  const bool all = rule.target == Target::kEverything;
  const auto is_meant = [&](std::string_view key) { return all ? !key.starts_with('_') : key == rule.name; };
  const std::size_t tags = span.meta.size();
  apply_to_metrics(rule, span, arena);  // may append to the tags
  for (std::size_t i = 0; i < tags; ++i)
    if (auto& [key, value] = span.meta[i]; key != kEnv && is_meant(key)) rewrite(rule, value, arena);
  for (SpanEvent& event : span.events)
    for (auto& [key, value] : event.attributes)
      if (is_meant(key)) apply_to_attribute(rule, value, arena);
}

void ReplaceRules::apply(Span& span, Arena& arena) {
  for (const Rule& rule : rules_) apply(rule, span, arena);
}

bool ReplaceRules::apply_to_resource(std::string& resource) {
  bool changed = false;
  std::string_view out;
  for (const Rule& rule : rules_) {
    if (rule.target == Target::kNamed || !rewrite(rule, resource, out)) continue;
    changed = changed || out != resource;
    resource = out;
  }
  return changed;
}

bool ReplaceRules::apply_to_status(std::uint32_t& status) {
  const std::uint32_t before = status;
  std::string_view out;
  for (const Rule& rule : rules_) {
    const bool is_meant = rule.target == Target::kEverything || rule.name == "http.status_code";
    if (is_meant && rewrite(rule, Digits(std::int64_t{status}).text(), out)) parse(out, status);
  }
  return status != before;
}

}  // namespace traces
