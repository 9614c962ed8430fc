#include "forward/retry.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace agent {
namespace {

TEST(Retry, JudgesEveryStatus) {
  struct Row {
    unsigned status;
    Verdict verdict;
  };
  const Row rows[] = {
      {100, Verdict::kFailed},         {200, Verdict::kDelivered}, {202, Verdict::kDelivered},
      {204, Verdict::kDelivered},      {299, Verdict::kDelivered}, {301, Verdict::kFailed},
      {307, Verdict::kFailed},         {400, Verdict::kReject},    {401, Verdict::kRejectAndPause},
      {403, Verdict::kRejectAndPause}, {404, Verdict::kReject},    {408, Verdict::kFailed},
      {413, Verdict::kHalve},          {415, Verdict::kReject},    {425, Verdict::kFailed},
      {429, Verdict::kPause},          {499, Verdict::kReject},    {500, Verdict::kFailed},
      {502, Verdict::kFailed},         {503, Verdict::kFailed},    {504, Verdict::kFailed},
      {599, Verdict::kFailed},         {0, Verdict::kFailed},      {999, Verdict::kFailed},
  };
  for (const Row& row : rows) EXPECT_EQ(judge(row.status), row.verdict) << row.status;
}

TEST(Retry, NamesTheRejection) { EXPECT_EQ(rejection(403), "rejected_403"); }

TEST(Retry, ReadsRetryAfterInSeconds) {
  using std::chrono::seconds;
  const auto most = std::chrono::duration_cast<seconds>(limits::kRetryAfterMax);
  EXPECT_EQ(retry_after("1", ""), seconds(1));
  EXPECT_EQ(retry_after(" 17 ", ""), seconds(17));
  EXPECT_EQ(retry_after("0", ""), seconds(0));
  EXPECT_EQ(retry_after("99999", ""), most);
  EXPECT_EQ(retry_after("99999999999999999999", ""), most);
  for (const char* other : {"", "  ", "soon", "-1", "1.5", "1s", "Wed, 21 Oct 2015 07:28:00 GMT"})
    EXPECT_EQ(retry_after(other, ""), std::nullopt) << other;
}

TEST(Retry, MeasuresARetryAfterDateFromTheAnswersDate) {
  using std::chrono::seconds;
  const char* answered = "Wed, 21 Oct 2015 07:28:00 GMT";
  EXPECT_EQ(retry_after("Wed, 21 Oct 2015 07:28:30 GMT", answered), seconds(30));
  EXPECT_EQ(retry_after("Wed, 21 Oct 2015 07:27:00 GMT", answered), seconds(0));
  EXPECT_EQ(retry_after("Thu, 21 Oct 2055 07:28:00 GMT", answered), seconds(300));
  for (const char* other : {"Wed, 21 Okt 2015 07:28:30 GMT", "Wed, 31 Feb 2015 07:28:30 GMT",
                            "Wed, 21 Oct 2015 24:28:30 GMT", "Wed, 21 Oct 2015 07:28:30 CET"})
    EXPECT_EQ(retry_after(other, answered), std::nullopt) << other;
}

}  // namespace
}  // namespace agent
