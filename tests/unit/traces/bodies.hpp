// Bodies that tracers send, written byte by byte by the tests themselves: what they write is read by what is tested.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bodies {

inline std::string number(std::uint64_t value) {
  std::string out(1, '\xcf');
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}
inline std::string text(std::string_view value) {
  std::string out("\xdb");
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value.size() >> shift));
  return out.append(value);
}
inline std::string counted(char head, std::size_t count) {
  return {head, static_cast<char>(count >> 24), static_cast<char>(count >> 16), static_cast<char>(count >> 8),
          static_cast<char>(count)};
}
using Fields = std::vector<std::pair<std::string, std::string>>;  // name, written value
inline std::string map(const Fields& fields) {
  std::string out = counted('\xdf', fields.size());
  for (const auto& [name, value] : fields) out += text(name) + value;
  return out;
}
inline std::string array(const std::vector<std::string>& values) {
  std::string out = counted('\xdd', values.size());
  for (const std::string& value : values) out += value;
  return out;
}
inline std::string span(std::uint64_t id, std::uint64_t parent = 0, Fields more = {}) {
  Fields fields = {
      {"trace_id", number(7)},        {"span_id", number(id)}, {"parent_id", number(parent)},
      {"service", text("shop")},      {"name", text("web")},   {"resource", text("GET /")},
      {"type", text("web")},          {"error", number(1)},    {"start", number(1'700'000'000'000'000'000)},
      {"duration", number(1'000'000)}};
  fields.insert(fields.end(), more.begin(), more.end());
  return map(fields);
}

}  // namespace bodies
