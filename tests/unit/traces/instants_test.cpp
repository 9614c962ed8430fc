#include "invocation/instants.hpp"

#include <gtest/gtest.h>

namespace {

using namespace traces::invocation;

constexpr std::int64_t kNone = INT64_MIN;

TEST(Instants, OfNumbersAreExact) {
  const struct {
    std::string_view number;
    std::int64_t unit, ns;
  } kCases[] = {
      {"1731183820135", kMillisecondNs, 1731183820135000000},
      {"1731183820135.25", kMillisecondNs, 1731183820135250000},
      {"1643638425.163", kSecondNs, 1643638425163000000},
      {"1.643638425163E9", kSecondNs, 1643638425163000000},
      {"1.643638425163e+09", kSecondNs, 1643638425163000000},
      {"16436384251630E-4", kSecondNs, 1643638425163000000},
      {"1428537600", kSecondNs, 1428537600000000000},
      {"1738000000.5", kSecondNs, 1738000000500000000},
      {"0", kSecondNs, 0},
      {"0.0000000001", kSecondNs, 0},
      {"0e999", kSecondNs, 0},
      {"1e-999", kSecondNs, 0},
      {"100", kMillisecondNs, 100000000},
      {"-1.5", kSecondNs, -1500000000},
      {"9223372036854775807", 1, INT64_MAX},
      {"9223372036854775808", 1, kNone},
      {"1e999", kSecondNs, kNone},
      {"1e9999", kSecondNs, kNone},
      {"", kSecondNs, kNone},
      {"-", kSecondNs, kNone},
      {".5", kSecondNs, kNone},
      {"12a", kSecondNs, kNone},
      {" 12", kSecondNs, kNone},
      {"true", kSecondNs, kNone},
      {"1e", kSecondNs, kNone},
  };
  for (const auto& each : kCases) {
    EXPECT_EQ(instant_of_number(each.number, each.unit).value_or(kNone), each.ns) << each.number;
  }
}

TEST(Instants, OfDatesAreThoseOfRfc3339) {
  const struct {
    std::string_view date;
    std::int64_t ns;
  } kCases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:00.000Z", 0},
      {"2021-12-17T21:46:58.040Z", 1639777618040000000},
      {"2021-12-17t21:46:58.040z", 1639777618040000000},
      {"2021-12-17T23:46:58.040+02:00", 1639777618040000000},
      {"2021-12-17T16:16:58.040-05:30", 1639777618040000000},
      {"2024-02-29T23:59:59.5Z", 1709251199500000000},
      {"2000-02-29T00:00:00Z", 951782400000000000},
      {"2016-12-31T23:59:60Z", 1483228800000000000},
      {"2024-09-16T19:44:01.1234567899Z", 1726515841123456789},
      {"2023-02-29T00:00:00Z", kNone},
      {"1900-02-29T00:00:00Z", kNone},
      {"2023-13-01T00:00:00Z", kNone},
      {"2023-00-01T00:00:00Z", kNone},
      {"2023-01-01T24:00:00Z", kNone},
      {"2023-01-01T00:00:00", kNone},
      {"2023-01-01", kNone},
      {"2023-01-01T00:00:00.Z", kNone},
      {"2023-01-01T00:00:00Zx", kNone},
      {"9999-01-01T00:00:00Z", kNone},
      {"0001-01-01T00:00:00Z", kNone},
      {"", kNone},
      {"1700000000", kNone},
  };
  for (const auto& each : kCases) EXPECT_EQ(instant_of_date(each.date).value_or(kNone), each.ns) << each.date;
}

}  // namespace
