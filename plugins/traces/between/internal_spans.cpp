#include "between/internal_spans.hpp"

#include <charconv>
#include <cmath>

#include "equals.hpp"
namespace traces {
namespace {

constexpr std::string_view kAddresses[] = {"127.0.0.1:9001", "127.0.0.1:8124", "127.0.0.1:8125"};
constexpr std::string_view kLocalNames[] = {"127.0.0.1", "0.0.0.0", "169.254.79.129"};  // the last is X-Ray's daemon

// At its beginning, and not as the beginning of a longer number.
bool begins(std::string_view text, std::string_view with) {
  if (!text.starts_with(with)) return false;
  return text.size() == with.size() || text[with.size()] < '0' || text[with.size()] > '9';
}

template <class Texts>
bool begins_with_any(std::string_view text, const Texts& texts) {
  for (const std::string_view each : texts)
    if (begins(text, each)) return true;
  return false;
}

// A tracer writes the port as a text, or as a number among the metrics.
std::string address_of(std::string_view host, std::string_view port, const Span& span) {
  std::string out(host);
  out += ':';
  if (!port.empty()) return out.append(port);
  const double* number = span.find_metric("tcp.remote.port");
  if (number == nullptr || !(*number >= 0 && *number < 65536)) return out;
  char digits[8];
  return out.append(digits, std::to_chars(digits, digits + sizeof digits, static_cast<int>(*number)).ptr);
}

}  // namespace

bool InternalSpans::is_ours(std::string_view address) const {
  return begins_with_any(address, kAddresses) || (!runtime_api_.empty() && begins(address, runtime_api_));
}

// One walk over the tags. Lengths first: most of them are none of these.
bool InternalSpans::contains(const Span& span) const {
  if (span.resource == "dd-tracer-serverless-span" || span.name == "dns.lookup") return true;
  if (span.resource == "127.0.0.1" || span.resource == "0.0.0.0") return true;
  std::string_view host, port;
  for (const auto& [key, value] : span.meta) {
    switch (key.size()) {
      case 8:
        if (equals(key, "http.url") && value.starts_with("http://") && is_ours(value.substr(7))) return true;
        break;
      case 11:
        if (equals(key, "dns.address") && begins_with_any(value, kLocalNames)) return true;
        break;
      case 15:
        if (equals(key, "tcp.remote.host")) host = value;
        if (equals(key, "tcp.remote.port")) port = value;
        break;
      default: break;
    }
  }
  return !host.empty() && is_ours(address_of(host, port, span));
}

}  // namespace traces
