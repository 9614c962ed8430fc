#include "routes.hpp"

#include <charconv>

namespace traces {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool same_letters(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + ('a' - 'A')) : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// "application/json; charset=utf-8" -> "application/json"
std::string_view media_type(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  const auto begin = content_type.find_first_not_of(kBlanks);
  if (begin == content_type.npos) return {};
  return content_type.substr(begin, content_type.find_last_not_of(kBlanks) + 1 - begin);
}

// No MessagePack of traces begins with these bytes: as integers they are no array.
bool looks_like_json(std::string_view body) {
  const auto begin = body.find_first_not_of(kBlanks);
  return begin != body.npos && (body[begin] == '[' || body[begin] == 'n');
}

}  // namespace

Format format_of(const Route& route, std::string_view content_type, std::string_view body) {
  const std::string_view media = media_type(content_type);
  const bool msgpack = same_letters(media, "application/msgpack");
  switch (route.dialect) {
    case Route::Dialect::kMsgpack: return route.format;
    case Route::Dialect::kJsonOnly: return msgpack ? Format::kCount : Format::kJson;
    case Route::Dialect::kJsonOrMsgpack: break;
    case Route::Dialect::kNone: return Format::kCount;
  }
  if (msgpack) return route.format;
  if (same_letters(media, "application/json") || same_letters(media, "text/json")) return Format::kJson;
  return looks_like_json(body) ? Format::kJson : route.format;
}

bool is_true(std::string_view value) {
  constexpr std::string_view kFalse[] = {"", "0", "f", "F", "false", "False", "FALSE"};
  for (const std::string_view each : kFalse)
    if (value == each) return false;
  return true;
}

std::uint64_t count_in(std::string_view value) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  return error == std::errc() && end == value.data() + value.size() ? out : 0;
}

}  // namespace traces
