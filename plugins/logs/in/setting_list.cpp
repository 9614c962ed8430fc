#include "in/setting_list.hpp"

namespace logs {

using sls::json::Kind;
using sls::json::Value;

bool same_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

bool find_list(std::string_view value, std::string& unquoted, std::string_view& list) {
  Value parsed;
  if (!sls::json::parse(value, parsed)) return false;
  if (parsed.is_string()) {
    std::string spare;
    unquoted = std::string(sls::json::text_of(parsed, spare));
    if (is_blank(unquoted)) return true;
    if (!sls::json::parse(unquoted, parsed)) return false;
  }
  if (parsed.kind == Kind::kArray) list = parsed.raw;
  return parsed.kind == Kind::kArray || parsed.kind == Kind::kNull;
}

std::optional<std::string> scalar(const Value& value) {
  switch (value.kind) {
    case Kind::kString: {
      std::string spare;
      return std::string(sls::json::text_of(value, spare));
    }
    case Kind::kNumber:
    case Kind::kTrue:
    case Kind::kFalse: return std::string(value.raw);
    default: return std::nullopt;
  }
}

}  // namespace logs
