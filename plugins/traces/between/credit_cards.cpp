#include "credit_cards.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

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
  constexpr std::string_view kKeys =
      "\n_sample_rate\n_sampling_priority_v1\naccount_id\naws_account\nerror\nerror.msg\nerror.type\nerror.stack\nenv"
      "\ngraphql.field\ngraphql.query\ngraphql.type\ngraphql.operation.name\ngrpc.code\ngrpc.method\ngrpc.request"
      "\nhttp.status_code\nhttp.method\nruntime-id\nout.host\nout.port\nsampling.priority\nspan.type\nspan.name"
      "\nservice.name\nservice\nsql.query\nversion\ndatabricks_job_id\ndatabricks_job_run_id\ndatabricks_task_run_id"
      "\nconfig.spark_app_startTime\nconfig.spark_databricks_job_parentRunId\nsender_id\n";
  if (key.starts_with("_dd")) return true;
  if (key.empty() || key.find('\n') != key.npos) return false;
  for (std::size_t at = kKeys.find(key); at != kKeys.npos; at = kKeys.find(key, at + 1))
    if (kKeys[at - 1] == '\n' && kKeys[at + key.size()] == '\n') return true;
  return false;
}

}  // namespace traces
