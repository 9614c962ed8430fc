#include "trace_context.hpp"

#include <algorithm>
#include <charconv>

#include "letters.hpp"

namespace traces::invocation {
namespace {

constexpr std::size_t kTagsBytesMax = 512;  // of x-datadog-tags; the peers' limit
constexpr std::string_view kPropagated = "_dd.p.", kError = "_dd.propagation_error";

template <class Number>
std::optional<Number> number_of(std::string_view text, int base) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

// Whether a tag may be kept; otherwise `problem` says why not.
bool usable(std::string_view key, std::string_view value, std::string& problem) {
  if (key == "_dd.p.tid") {
    if (value.size() == 16 && std::all_of(value.begin(), value.end(), is_hex)) return true;
    problem.assign("malformed_tid ").append(value);
    return false;
  }
  if (key != "_dd.p.dm") return true;
  // Who decided on sampling: the number of a mechanism behind a minus sign.
  const auto mechanism = number_of<int>(value, 10);
  if (mechanism && *mechanism <= 0 && *mechanism >= -128) return true;
  problem = "decoding_error";
  return false;
}

}  // namespace

void TraceContext::set(std::string_view key, std::string_view value) {
  for (auto& [name, text] : tags)
    if (name == key) return void(text = value);
  tags.emplace_back(key, value);
}

void TraceContext::erase(std::string_view key) {
  std::erase_if(tags, [key](const auto& tag) { return tag.first == key; });
}

std::optional<std::uint64_t> decimal_id(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return number_of<std::uint64_t>(text, 10);
}

std::optional<std::uint64_t> hex_id(std::string_view text) {
  if (text.size() > 16) return std::nullopt;
  return number_of<std::uint64_t>(text, 16);
}

std::string hex16(std::uint64_t id) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; id >>= 4) out[i] = kDigits[id & 15];
  return out;
}

void add_propagated_tags(TraceContext& context, std::string_view list) {
  if (list.size() > kTagsBytesMax) return context.set(kError, "extract_max_size");
  while (!list.empty()) {
    const std::string_view pair = before_first(list, ',');
    list.remove_prefix(std::min(list.size(), pair.size() + 1));
    const std::size_t sign = pair.find('=');
    if (sign == std::string_view::npos || !pair.starts_with(kPropagated)) continue;
    const std::string_view key = pair.substr(0, sign), value = pair.substr(sign + 1);
    std::string problem;
    if (usable(key, value, problem))
      context.set(key, value);
    else
      context.set(kError, problem);
  }
}

}  // namespace traces::invocation
