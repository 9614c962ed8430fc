#include "between/normalise.hpp"

#include <charconv>
#include <limits>
#include <string>

#include "between/tag_text.hpp"
#include "equals.hpp"

namespace traces {
namespace {

constexpr std::size_t kServiceBytesMax = 100, kNameBytesMax = 100, kTypeBytesMax = 100;
constexpr std::int64_t kYear2000 = 946'684'800'000'000'000;  // ns
constexpr std::string_view kNoName = "unnamed_operation";

std::string_view normal_service(std::string_view service, Arena& arena) {
  return normal_tag_value(cut_text(service, kServiceBytesMax), arena);
}

std::string_view unnamed_service(std::string_view language, Arena& arena) {
  if (language.empty()) return "unnamed-service";
  std::string name = "unnamed-";
  name.append(language).append("-service");
  return normal_service(arena.keep(name), arena);
}

std::string_view usable_name(std::string_view name, Arena& arena) {
  const std::string_view normal = normal_name(cut_text(name, kNameBytesMax), arena);
  return normal.empty() ? kNoName : normal;
}

// Digits alone, 100 to 599.
bool is_status_code(std::string_view text) {
  std::uint64_t code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  return error == std::errc() && end == text.data() + text.size() && code >= 100 && code < 600;
}

// The tags that the intake reads itself, in one walk. Lengths first: most tags are none of them.
void normalise_tags(Span& span, Arena& arena) {
  bool bad_status = false;
  for (auto& [key, value] : span.meta) {
    switch (key.size()) {
      case 3:
        if (equals(key, "env")) value = normal_tag_value(value, arena);
        break;
      case 12:
        if (equals(key, "peer.service")) value = normal_service(value, arena);
        break;
      case 16:
        if (equals(key, "_dd.base_service"))
          value = normal_service(value, arena);
        else if (equals(key, "http.status_code") && !is_status_code(value))
          bad_status = true;
        break;
      default: break;
    }
  }
  if (bad_status) {
    std::erase_if(span.meta,
                  [](const auto& tag) { return tag.first == "http.status_code" && !is_status_code(tag.second); });
  }
}

void normalise_times(Span& span, std::int64_t now_ns) {
  const auto ends_in_time = [&] {
    return span.start <= 0 || span.duration <= std::numeric_limits<std::int64_t>::max() - span.start;
  };
  if (span.duration < 0 || !ends_in_time()) span.duration = 0;
  if (span.start >= kYear2000) return;
  span.start = span.duration <= now_ns ? now_ns - span.duration : now_ns;
  if (!ends_in_time()) span.duration = 0;
}

}  // namespace

void Normaliser::normalise(Span& span, Arena& arena, std::string_view language, std::int64_t now_ns) const {
  span.service = normal_service(span.service, arena);
  if (span.service.empty()) span.service = unnamed_service(language, arena);
  if (component_is_name_) {
    if (const std::string_view component = span.tag("component"); !component.empty()) span.name = component;
  }
  span.name = usable_name(span.name, arena);
  if (span.resource.empty()) span.resource = span.name;
  if (span.parent_id == span.span_id && span.parent_id == span.trace_id) span.parent_id = 0;
  normalise_times(span, now_ns);
  span.type = cut_text(span.type, kTypeBytesMax);
  normalise_tags(span, arena);
  for (SpanLink& link : span.links)
    for (auto& [key, value] : link.attributes)
      if (equals(key, "link.name")) value = usable_name(value, arena);
}

bool Normaliser::normalise(Chunk& chunk, std::string_view language, std::int64_t now_ns) const {
  if (chunk.empty()) return false;
  const std::uint64_t trace_id = chunk.spans().front().trace_id;
  if (trace_id == 0) return false;
  for (const Span& span : chunk.spans())
    if (span.span_id == 0 || span.trace_id != trace_id) return false;
  for (Span& span : chunk.spans()) normalise(span, chunk.arena, language, now_ns);
  return true;
}

}  // namespace traces
