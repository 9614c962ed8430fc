#include "credit_cards.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "equals.hpp"

namespace traces {
namespace {

constexpr std::size_t kDigitsMin = 12, kDigitsMax = 16, kPrefixDigitsMax = 6;

struct Prefixes {
  std::uint32_t digits, first, last;
};
constexpr Prefixes kPrefixes[] = {
    {1, 1, 1},           {1, 4, 4},           {2, 34, 39},     {2, 51, 55},         {2, 62, 62},
    {2, 65, 65},         {3, 300, 305},       {3, 309, 309},   {3, 636, 636},       {3, 644, 649},
    {4, 3528, 3589},     {4, 5019, 5019},     {4, 6011, 6011}, {6, 222100, 272099}, {6, 500000, 509999},
    {6, 560000, 589999}, {6, 600000, 699999},
};

bool is_issuer(std::uint32_t prefix, std::size_t digits) {
  for (const Prefixes& each : kPrefixes)
    if (each.digits == digits && prefix >= each.first && prefix <= each.last) return true;
  return false;
}

bool check_digit_fits(const std::array<std::uint8_t, kDigitsMax>& digits, std::size_t count) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned digit = digits[count - 1 - i];
    const unsigned doubled = digit * 2;
    sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 == 0;
}

}  // namespace

bool is_card_number(std::string_view text, bool luhn) {
  if (text.size() < kDigitsMin) return false;
  std::array<std::uint8_t, kDigitsMax> digits{};
  std::size_t count = 0;
  std::uint32_t prefix = 0;
  bool issuer = false;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9' || count == kDigitsMax) return false;
    digits[count++] = static_cast<std::uint8_t>(c - '0');
    if (issuer || count > kPrefixDigitsMax) continue;
    prefix = prefix * 10 + digits[count - 1];
    issuer = is_issuer(prefix, count);
  }
  return issuer && count >= kDigitsMin && (!luhn || check_digit_fits(digits, count));
}

bool is_card_number(std::int64_t number, bool luhn) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return is_card_number(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())), luhn);
}

bool is_card_number(double number, bool luhn) {
  if (!(std::abs(number) < 1e17) || number != std::trunc(number)) return false;
  return is_card_number(static_cast<std::int64_t>(number), luhn);
}

// The agent's, and sender_id: an AWS account, which spans of SQS triggers name.
bool is_never_a_card(std::string_view key) {
  if (key.starts_with("_dd")) return true;
  const auto is_one_of = [key](const auto&... words) { return (equals(key, words) || ...); };
  switch (key.size()) {
    case 3: return equals(key, "env");
    case 5: return equals(key, "error");
    case 7: return is_one_of("service", "version");
    case 8: return is_one_of("out.host", "out.port");
    case 9: return is_one_of("error.msg", "grpc.code", "span.name", "span.type", "sender_id", "sql.query");
    case 10: return is_one_of("account_id", "error.type", "runtime-id");
    case 11: return is_one_of("aws_account", "error.stack", "grpc.method", "http.method");
    case 12: return is_one_of("_sample_rate", "grpc.request", "graphql.type", "service.name");
    case 13: return is_one_of("graphql.field", "graphql.query");
    case 16: return equals(key, "http.status_code");
    case 17: return is_one_of("sampling.priority", "databricks_job_id");
    default:
      return is_one_of("_sampling_priority_v1", "databricks_job_run_id", "databricks_task_run_id",
                       "graphql.operation.name", "config.spark_app_startTime",
                       "config.spark_databricks_job_parentRunId");
  }
}

}  // namespace traces
