#include "instants.hpp"

#include "letters.hpp"

namespace traces::invocation {
namespace {

constexpr std::int64_t kMaxSeconds = INT64_MAX / kSecondNs - 1;

// Reads digits off the front.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool take(char c) {
    if (text_.empty() || lower(text_.front()) != lower(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Exactly `count` digits.
  bool number(unsigned count, int& out) {
    if (text_.size() < count) return false;
    out = 0;
    for (unsigned i = 0; i < count; ++i) {
      if (!is_digit(text_[i])) return false;
      out = out * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return true;
  }
  // All that follow; empty: none.
  std::string_view run() {
    std::size_t size = 0;
    while (size < text_.size() && is_digit(text_[size])) ++size;
    const std::string_view digits = text_.substr(0, size);
    text_.remove_prefix(size);
    return digits;
  }

 private:
  std::string_view text_;
};

// 1970-01-01 is 0.
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int days_in(int year, int month) {
  static constexpr std::int8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// The fraction's digits as nanoseconds.
std::int64_t fraction_ns(std::string_view digits) {
  std::int64_t ns = 0;
  for (std::size_t i = 0; i < 9; ++i) ns = ns * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return ns;
}

}  // namespace

std::optional<std::int64_t> instant_of_number(std::string_view number, std::int64_t unit_ns) {
  Digits text(number);
  const bool negative = text.take('-');
  const std::string_view whole = text.run();
  const std::string_view fraction = text.take('.') ? text.run() : std::string_view();
  if (whole.empty()) return std::nullopt;
  int exponent = 0;
  if (text.take('e')) {
    const bool down = text.take('-');
    if (!down) text.take('+');
    const std::string_view digits = text.run();
    if (digits.empty() || digits.size() > 3) return std::nullopt;
    for (const char c : digits) exponent = exponent * 10 + (c - '0');
    if (down) exponent = -exponent;
  }
  if (!text.done()) return std::nullopt;
  // The digits are those of a number of nanoseconds once the point is moved by `point` places.
  int point = exponent;
  for (std::int64_t unit = unit_ns; unit >= 10; unit /= 10) ++point;
  const std::int64_t places = static_cast<std::int64_t>(whole.size()) + point;
  std::int64_t ns = 0;
  const std::size_t digits = whole.size() + fraction.size();
  for (std::int64_t i = 0; i < places; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int digit = at >= digits ? 0 : (at < whole.size() ? whole[at] : fraction[at - whole.size()]) - '0';
    if (ns > (INT64_MAX - digit) / 10) return std::nullopt;
    ns = ns * 10 + digit;
    if (ns == 0 && at >= digits) break;
  }
  return negative ? -ns : ns;
}

std::optional<std::int64_t> instant_of_date(std::string_view date) {
  Digits text(date);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!text.number(4, year) || !text.take('-') || !text.number(2, month) || !text.take('-') || !text.number(2, day)
      || (!text.take('T') && !text.take(' ')) || !text.number(2, hour) || !text.take(':') || !text.number(2, minute)
      || !text.take(':') || !text.number(2, second)) {
    return std::nullopt;
  }
  std::string_view fraction;
  if (text.take('.') && (fraction = text.run()).empty()) return std::nullopt;
  if (month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  std::int64_t offset_s = 0;
  if (!text.take('Z')) {
    const bool west = text.take('-');
    int hours = 0, minutes = 0;
    if ((!west && !text.take('+')) || !text.number(2, hours) || !text.take(':') || !text.number(2, minutes)
        || hours > 23 || minutes > 59) {
      return std::nullopt;
    }
    offset_s = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
  }
  if (!text.done()) return std::nullopt;
  const std::int64_t seconds =
      days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset_s;
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds) return std::nullopt;
  return seconds * kSecondNs + fraction_ns(fraction);
}

}  // namespace traces::invocation
