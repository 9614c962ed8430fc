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

std::optional<std::chrono::seconds> retry_after(std::string_view header) {
  header = trim(header);
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (end != header.data() + header.size() || header.empty() || error == std::errc::invalid_argument)
    return std::nullopt;
  const auto most = std::chrono::duration_cast<std::chrono::seconds>(limits::kRetryAfterMax);
  if (error == std::errc::result_out_of_range) return most;
  return std::min(std::chrono::seconds(seconds), most);
}

}  // namespace agent
