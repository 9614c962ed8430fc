#include "in/number.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <system_error>

namespace metrics {

namespace {

constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// Up to 15 digits with a point among them: digits and power of ten are exact doubles, so one division rounds once.
bool read_short(std::string_view text, double& out) {
  if (text.size() > 16) return false;
  std::uint64_t digits = 0;
  std::size_t count = 0, behind_point = 0;
  bool point = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
      ++count;
      behind_point += point ? 1 : 0;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      return false;
    }
  }
  if (count == 0 || count > 15) return false;
  out = behind_point == 0 ? static_cast<double>(digits) : static_cast<double>(digits) / kPowersOfTen[behind_point];
  return true;
}

bool is_hexadecimal(std::string_view text) {
  return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

// Too large or too small: from_chars does not say which.
bool read_out_of_range(std::string_view text, double& out) {
  const std::string copy(text);
  out = std::strtod(copy.c_str(), nullptr);
  return std::abs(out) < 1;
}

// `text` with its "0x", as "0x1p-2"; as the reference server has it, the exponent must be there.
bool read_hexadecimal(std::string_view text, double& out) {
  const std::string_view digits = text.substr(2);
  const std::size_t power = digits.find_first_of("pP");
  if (power == digits.npos || digits.front() == '-' || digits.substr(power + 1).starts_with("+-")) return false;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, out, std::chars_format::hex);
  if (end != last) return false;
  if (error == std::errc::result_out_of_range) return read_out_of_range(text, out);
  return error == std::errc();
}

bool read_unsigned(std::string_view text, double& out) {
  if (read_short(text, out)) return true;
  if (is_hexadecimal(text)) return read_hexadecimal(text, out);
  if (text.empty() || text.front() == '-') return false;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, out);
  if (end != last || text.back() == ')') return false;  // "nan(…)" is the C library's own
  if (error == std::errc::result_out_of_range) return read_out_of_range(text, out);
  return error == std::errc();
}

}  // namespace

bool read_number(std::string_view text, double& out) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!read_unsigned(text, out)) return false;
  if (negative) out = -out;
  return true;
}

bool read_integer(std::string_view text, std::int64_t& out) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace metrics
