#include "lambda/timestamp.hpp"

#include <chrono>

namespace agent {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `count` digits off the front.
bool take_digits(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  out = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take_char(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, std::int64_t& days) {
  int year, month, day;
  if (!take_digits(text, 4, year) || !take_char(text, '-') || !take_digits(text, 2, month) || !take_char(text, '-')
      || !take_digits(text, 2, day)) {
    return false;
  }
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return false;
  days = std::chrono::sys_days(date).time_since_epoch().count();
  return true;
}

bool take_clock(std::string_view& text, std::int64_t& seconds) {
  int hour, minute, second;
  if (!take_digits(text, 2, hour) || !take_char(text, ':') || !take_digits(text, 2, minute) || !take_char(text, ':')
      || !take_digits(text, 2, second)) {
    return false;
  }
  seconds = hour * 3600 + minute * 60 + second;
  return hour < 24 && minute < 60 && second <= 60;  // 60: a leap second
}

bool take_fraction(std::string_view& text, std::int64_t& ns) {
  ns = 0;
  if (!take_char(text, '.')) return true;
  std::size_t digits = 0;
  std::int64_t unit = kSecondNs / 10;
  for (; digits < text.size() && is_digit(text[digits]); ++digits, unit /= 10) ns += unit * (text[digits] - '0');
  text.remove_prefix(digits);
  return digits > 0;
}

bool take_offset(std::string_view& text, std::int64_t& seconds) {
  seconds = 0;
  if (take_char(text, 'Z') || take_char(text, 'z')) return true;
  const bool west = take_char(text, '-');
  int hours, minutes;
  if ((!west && !take_char(text, '+')) || !take_digits(text, 2, hours) || !take_char(text, ':')
      || !take_digits(text, 2, minutes)) {
    return false;
  }
  seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
  return hours < 24 && minutes < 60;
}

}  // namespace

bool parse_timestamp(std::string_view text, std::int64_t& out_ns) {
  std::int64_t days, seconds, ns, offset;
  if (!take_date(text, days)) return false;
  if (!take_char(text, 'T') && !take_char(text, 't') && !take_char(text, ' ')) return false;
  if (!take_clock(text, seconds) || !take_fraction(text, ns) || !take_offset(text, offset) || !text.empty()) {
    return false;
  }
  // Some days less than the range on both sides, so that nothing below overflows.
  constexpr std::int64_t kDaysMax = INT64_MAX / kSecondNs / 86'400 - 3;
  if (days > kDaysMax || days < -kDaysMax) return false;
  out_ns = (days * 86'400 + seconds - offset) * kSecondNs + ns;
  return true;
}

}  // namespace agent
