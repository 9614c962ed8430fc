// JSON in the lab: Boost.JSON, with the few questions that everybody asks.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace lab {

namespace json = boost::json;

// The value at a JSON pointer ("/ledger/0/plugin"); nullptr where there is none.
inline const json::value* find(const json::value& in, std::string_view pointer) {
  json::error_code error;
  return in.find_pointer(pointer, error);
}
inline std::string text_of(const json::value* value) {
  if (!value || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}
inline std::string text_at(const json::value& in, std::string_view pointer) { return text_of(find(in, pointer)); }
inline double number_of(const json::value* value, double otherwise = 0) {
  return value && value->is_number() ? value->to_number<double>() : otherwise;
}
inline double number_at(const json::value& in, std::string_view pointer, double otherwise = 0) {
  return number_of(find(in, pointer), otherwise);
}

}  // namespace lab
