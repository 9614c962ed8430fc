#include "lambda/timestamp.hpp"

#include <chrono>

namespace agent {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take_char(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Two digits as a number; more than 99 where one of them is none.
unsigned two_digits(const char* at) {
  const auto tens = static_cast<unsigned>(static_cast<unsigned char>(at[0] - '0'));
  const auto ones = static_cast<unsigned>(static_cast<unsigned char>(at[1] - '0'));
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : 1000;
}

// "2022-10-12T00:00:15": in seconds since the epoch.
bool take_seconds(std::string_view& text, std::int64_t& seconds) {
  constexpr std::size_t kLength = 19;
  if (text.size() < kLength) return false;
  const char* const at = text.data();
  const unsigned century = two_digits(at), year = two_digits(at + 2), month = two_digits(at + 5);
  const unsigned day = two_digits(at + 8), hour = two_digits(at + 11), minute = two_digits(at + 14);
  const unsigned second = two_digits(at + 17);
  const bool separated = at[4] == '-' && at[7] == '-' && at[13] == ':' && at[16] == ':'
                         && (at[10] == 'T' || at[10] == 't' || at[10] == ' ');
  // 60 seconds: a leap second.
  if (!separated || century > 99 || year > 99 || hour > 23 || minute > 59 || second > 60) return false;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(century * 100 + year)),
                                         std::chrono::month(month), std::chrono::day(day));
  if (!date.ok()) return false;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  // Some days less than 64 bits of nanoseconds hold, so that nothing overflows later.
  constexpr std::int64_t kDaysMax = INT64_MAX / kSecondNs / 86'400 - 3;
  if (days > kDaysMax || days < -kDaysMax) return false;
  seconds = days * 86'400 + hour * 3600 + minute * 60 + second;
  text.remove_prefix(kLength);
  return true;
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
  if ((!west && !take_char(text, '+')) || text.size() < 5 || text[2] != ':') return false;
  const unsigned hours = two_digits(text.data()), minutes = two_digits(text.data() + 3);
  if (hours > 23 || minutes > 59) return false;
  seconds = (static_cast<std::int64_t>(hours) * 3600 + minutes * 60) * (west ? -1 : 1);
  text.remove_prefix(5);
  return true;
}

}  // namespace

bool parse_timestamp(std::string_view text, std::int64_t& out_ns) {
  std::int64_t seconds, ns, offset;
  if (!take_seconds(text, seconds) || !take_fraction(text, ns) || !take_offset(text, offset)) return false;
  if (!text.empty()) return false;
  out_ns = (seconds - offset) * kSecondNs + ns;
  return true;
}

}  // namespace agent
