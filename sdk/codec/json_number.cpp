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

// A number of at most 15 digits without exponent is an integer divided by a power of ten; both are exact as doubles, so
// the quotient is the nearest double. False: not such a number.
bool to_short_double(std::string_view number, double& out) {
  constexpr std::size_t kDigitsMax = 15;
  constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = number.front() == '-';
  number.remove_prefix(negative ? 1 : 0);
  if (number.size() > kDigitsMax + 1) return false;
  std::int64_t digits = 0;
  std::size_t point = number.size();
  for (std::size_t i = 0; i < number.size(); ++i) {
    const char c = number[i];
    if (c == '.') {
      point = i + 1;
    } else if (c >= '0' && c <= '9') {
      digits = digits * 10 + (c - '0');
    } else {
      return false;
    }
  }
  if (point == number.size() && number.size() > kDigitsMax) return false;
  const double magnitude = static_cast<double>(digits) / kPowers[number.size() - point];
  out = negative ? -magnitude : magnitude;
  return true;
}

}  // namespace

bool to_int64(const Value& value, std::int64_t& out) { return to_integer(value, out); }

bool to_uint64(const Value& value, std::uint64_t& out) {
  if (value.raw == "-0") return out = 0, true;
  return to_integer(value, out);
}

bool to_double(const Value& value, double& out) {
  if (value.kind != Kind::kNumber) return false;
  if (to_short_double(value.raw, out)) return true;
  const char* const end = value.raw.data() + value.raw.size();
  const auto read = std::from_chars(value.raw.data(), end, out);
  if (read.ec == std::errc::result_out_of_range && is_tiny(value.raw)) {
    out = value.raw.front() == '-' ? -0.0 : 0.0;
    return true;
  }
  return read.ec == std::errc();
}

}  // namespace sls::json
