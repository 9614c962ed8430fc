#include "execution.hpp"

#include <charconv>
#include <memory>

#include "event.hpp"
#include "letters.hpp"
#include "sls/codec/base64.hpp"
#include "sls/codec/json.hpp"

namespace traces::invocation {
namespace {

constexpr std::size_t kErrorTextBytesMax = 32 << 10;  // of one of the error headers
constexpr std::size_t kPlaceholderTagsMax = 512;
constexpr std::string_view kErrorHeader = "x-datadog-invocation-error";

// Plain words decode as base64 by accident, to bytes that nobody would have written.
bool reads_as_text(std::string_view bytes) {
  std::string spare;
  const bool utf8 = sls::json::repair_utf8(bytes, spare).data() == bytes.data();
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if ((code < 0x20 && c != '\t' && c != '\r' && c != '\n') || code == 0x7f) return false;
  }
  return utf8;
}

std::string decoded(std::string_view header, bool whatever_it_is) {
  header = header.substr(0, kErrorTextBytesMax);
  std::string out(sls::base64_room(header.size()), '\0');
  const std::size_t bytes = sls::base64_decode(header, out.data());
  if (bytes == sls::kNotBase64) return std::string(header);
  out.resize(bytes);
  if (!whatever_it_is && !reads_as_text(out)) return std::string(header);
  std::string mended;
  sls::json::append_repaired_utf8(mended, out);
  return mended;
}

void take_errors(Execution& execution, sls::Pairs headers) {
  struct Row {
    std::string_view header, tag;
    bool always_encoded;
  };
  constexpr Row kRows[] = {{"x-datadog-invocation-error-msg", "error.msg", false},
                           {"x-datadog-invocation-error-type", "error.type", false},
                           {"x-datadog-invocation-error-stack", "error.stack", true}};
  execution.error_tags.clear();
  if (same_letters(headers.header(kErrorHeader), "true")) execution.error = true;
  for (const Row& row : kRows) {
    for (const auto& [name, value] : headers) {
      if (!same_letters(name, row.header)) continue;
      execution.error = true;  // by being there, even when it is empty
      if (!value.empty()) execution.error_tags.emplace_back(row.tag, decoded(value, row.always_encoded));
      break;
    }
  }
}

void take_ids(Execution& execution, sls::Pairs headers) {
  const auto id = [&](std::string_view name) { return decimal_id(headers.header(name)).value_or(0); };
  if (!headers.header("x-datadog-span-id").empty()) execution.span_id = id("x-datadog-span-id");
  execution.of_tracer = {};
  execution.of_tracer.trace_id = id("x-datadog-trace-id");
  execution.of_tracer.parent_id = id("x-datadog-parent-id");
  add_propagated_tags(execution.of_tracer, headers.header("x-datadog-tags"));
  const std::string_view priority = headers.header("x-datadog-sampling-priority");
  double number = 0;
  const auto [end, error] = std::from_chars(priority.data(), priority.data() + priority.size(), number);
  const bool whole = !priority.empty() && error == std::errc() && end == priority.data() + priority.size();
  if (whole && number >= -128 && number <= 127) execution.of_tracer.priority = static_cast<int>(number);
}

// The member statusCode, as a whole number or a text of digits.
std::string status_of(std::string_view response) {
  Event read;
  if (response.empty() || !read.read(response)) return {};
  const std::string_view words = read.root()["statusCode"].words();
  if (words.empty() || words.size() > 9) return {};
  for (const char c : words)
    if (!is_digit(c)) return {};
  return std::string(words);
}

}  // namespace

void take_end(Execution& execution, sls::Pairs headers, std::string_view response) {
  execution.ended = true;
  take_ids(execution, headers);
  take_errors(execution, headers);
  execution.http_status = status_of(response);
  if (execution.http_status.size() == 3 && execution.http_status.front() == '5') execution.error = true;
}

void take_placeholder(Execution& execution, const Span& placeholder, bool computed_stats) {
  const auto copy = [](const Texts& from, OwnTexts& to) {
    for (const auto& [key, value] : from)
      if (to.size() < kPlaceholderTagsMax) to.emplace_back(key, value);
  };
  copy(placeholder.meta, execution.meta);
  copy(placeholder.meta_struct, execution.meta_struct);
  for (const auto& [key, value] : placeholder.metrics)
    if (execution.metrics.size() < kPlaceholderTagsMax) execution.metrics.emplace_back(key, value);
  execution.computed_stats = execution.computed_stats || computed_stats;
}

}  // namespace traces::invocation
