// What an intake's answer means for the payload and for the endpoint. One table; no clock, no state.
//
// Redirects are not followed and are no verdict on the payload, so they count as a failure of the endpoint: the payload
// is kept. Called by forward/forwarder for each answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace agent {

enum class Verdict {
  kDelivered,       // 2xx
  kFailed,          // 5xx, 408, 425, 3xx, anything unknown: tried again
  kPause,           // 429: tried again, but not before the endpoint's pause is over
  kHalve,           // 413: cut between two parts
  kReject,          // any other 4xx: this payload will never be taken
  kRejectAndPause,  // 401, 403: nor will the next ones, as long as the key is what it is
};

Verdict judge(unsigned status);
// The ledger's reason for a refused payload: "rejected_403".
std::string rejection(unsigned status);
// How long Retry-After asks to wait, at most kRetryAfterMax; nothing for nonsense. A date is measured from the answer's
// own Date header, so that a wrong clock here changes nothing; without one it says nothing.
std::optional<std::chrono::seconds> retry_after(std::string_view header, std::string_view answered);

}  // namespace agent
