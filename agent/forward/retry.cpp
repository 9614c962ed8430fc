#include "forward/retry.hpp"

#include <algorithm>
#include <charconv>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace agent {

Verdict judge(unsigned status) {
  if (status >= 200 && status <= 299) return Verdict::kDelivered;
  if (status < 400 || status > 499) return Verdict::kFailed;
  switch (status) {
    case 408:
    case 425: return Verdict::kFailed;
    case 429: return Verdict::kPause;
    case 413: return Verdict::kHalve;
    case 401:
    case 403: return Verdict::kRejectAndPause;
    default: return Verdict::kReject;
  }
}

std::string rejection(unsigned status) { return cat("rejected_", status); }

namespace {

std::chrono::seconds longest_pause() {
  return std::chrono::duration_cast<std::chrono::seconds>(limits::kRetryAfterMax);
}

// The one form of RFC 9110, 5.6.7 that may be sent today: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<std::chrono::sys_seconds> http_date(std::string_view text) {
  static constexpr std::string_view kForm = "AAA, 00 AAA 0000 00:00:00 GMT";
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool letter_wanted = i < 3 || (i >= 8 && i < 11);
    if (kForm[i] == '0' ? !digit : !letter_wanted && text[i] != kForm[i]) return std::nullopt;
  }
  const auto number = [text](std::size_t at, std::size_t digits) {
    int value = 0;
    for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
    return value;
  };
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == kMonths.npos || month % 3 != 0) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(number(12, 4)),
                                         std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                         std::chrono::day(static_cast<unsigned>(number(5, 2))));
  if (!date.ok() || number(17, 2) > 23 || number(20, 2) > 59 || number(23, 2) > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(number(17, 2)) + std::chrono::minutes(number(20, 2))
         + std::chrono::seconds(number(23, 2));
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(std::string_view header, std::string_view answered) {
  header = trim(header);
  if (const auto until = http_date(header)) {
    const auto now = http_date(trim(answered));
    if (!now) return std::nullopt;
    return std::clamp(*until - *now, std::chrono::seconds(0), longest_pause());
  }
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (end != header.data() + header.size() || header.empty() || error == std::errc::invalid_argument)
    return std::nullopt;
  if (error == std::errc::result_out_of_range) return longest_pause();
  return std::min(std::chrono::seconds(seconds), longest_pause());
}

}  // namespace agent
