#include <charconv>
#include <system_error>

#include "sls/codec/json.hpp"

namespace sls::json {
namespace {

template <class Number>
bool to_integer(const Value& value, Number& out) {
  if (value.kind != Kind::kNumber) return false;
  const char* const end = value.raw.data() + value.raw.size();
  const auto read = std::from_chars(value.raw.data(), end, out);
  return read.ec == std::errc() && read.ptr == end;
}

// What is out of a double's range is either too large or too near to zero: the exponent's sign tells, and
// without an exponent a leading zero.
bool is_tiny(std::string_view number) {
  if (number.front() == '-') number.remove_prefix(1);
  const auto exponent = number.find_first_of("eE");
  if (exponent != std::string_view::npos) return number[exponent + 1] == '-';
  return number.front() == '0';
}

}  // namespace

bool to_int64(const Value& value, std::int64_t& out) { return to_integer(value, out); }

bool to_uint64(const Value& value, std::uint64_t& out) {
  if (value.raw == "-0") return out = 0, true;
  return to_integer(value, out);
}

bool to_double(const Value& value, double& out) {
  if (value.kind != Kind::kNumber) return false;
  const char* const end = value.raw.data() + value.raw.size();
  const auto read = std::from_chars(value.raw.data(), end, out);
  if (read.ec == std::errc::result_out_of_range && is_tiny(value.raw)) {
    out = value.raw.front() == '-' ? -0.0 : 0.0;
    return true;
  }
  return read.ec == std::errc();
}

}  // namespace sls::json
