// What is said of a fault and how often a plugin may have one; the faults themselves are scenarios of the lab.
#include "plugin/resume.hpp"

#include <gtest/gtest.h>
#include <csignal>

#include <memory>

#include "plugin/running_call.hpp"

namespace {

using agent::ResumeRecord;

std::unique_ptr<ResumeRecord> record_of(std::uint32_t faults, std::string_view id) {
  auto record = std::make_unique<ResumeRecord>();
  record->plugins[0].path.assign("/opt/plugins/acme.so");
  record->plugins[0].id.assign(id);
  record->plugins[0].faults = faults;
  record->plugin_count = 1;
  record->signal = SIGSEGV;
  record->slot.assign("on_telemetry");
  return record;
}

TEST(Resume, NamesPluginSlotAndSignal) {
  EXPECT_EQ(agent::what_happened(*record_of(1, "acme")),
            "plugin acme raised SIGSEGV in on_telemetry; it gets one more chance, then it is out for this sandbox: ask "
            "its author");
}

TEST(Resume, SaysHowToGetRidOfAPluginThatIsOut) {
  EXPECT_EQ(agent::what_happened(*record_of(2, "acme")),
            "plugin acme raised SIGSEGV in on_telemetry; it is out for this sandbox: disable it (DD_PLUGINS_DISABLED) "
            "or deploy another build");
}

TEST(Resume, NamesTheFileWhereTheIdIsNotKnown) {
  EXPECT_EQ(agent::what_happened(*record_of(1, "")).substr(0, 35), "plugin /opt/plugins/acme.so raised ");
}

TEST(Resume, NamesAHang) {
  const auto record = record_of(1, "acme");
  record->signal = 0;
  record->hang = 1;
  EXPECT_EQ(agent::what_happened(*record).substr(0, 42), "plugin acme never returned in on_telemetry");
}

TEST(Resume, BlamesTheHostOutsideOfCalls) {
  const auto record = record_of(0, "acme");
  record->culprit = agent::kNoPlugin;
  record->host_faults = 2;
  EXPECT_EQ(agent::what_happened(*record),
            "the agent itself raised SIGSEGV (fault 2 of this sandbox; please report it)");
  EXPECT_FALSE(agent::is_idle_only(*record));
  record->host_faults = 3;
  EXPECT_TRUE(agent::is_idle_only(*record));
  EXPECT_NE(agent::what_happened(*record).find("only asks for events from now on"), std::string::npos);
}

TEST(Resume, KeepsAPluginOutAfterItsSecondFault) {
  const std::uint32_t row = agent::resume_row("/opt/plugins/twice.so");
  EXPECT_EQ(agent::resume_row("/opt/plugins/twice.so"), row);
  EXPECT_NE(agent::resume_row("/opt/plugins/other.so"), row);
  ResumeRecord& record = agent::Resume::record();
  EXPECT_FALSE(agent::is_out(row));
  record.plugins[row].faults = 1;
  EXPECT_FALSE(agent::is_out(row));
  record.plugins[row].faults = 2;
  EXPECT_TRUE(agent::is_out(row));
  EXPECT_FALSE(agent::is_out(agent::kNoPlugin));
}

TEST(Resume, KeepsTheEndOfATextThatIsTooLong) {
  agent::FixedText<8> text;
  text.assign("/opt/plugins/a.so");
  EXPECT_EQ(text.view(), "ins/a.so");
  EXPECT_TRUE(text.holds("/opt/plugins/a.so"));
  EXPECT_FALSE(text.holds("/opt/plugins/b.so"));
}

TEST(Resume, LeavesOutWhatDoesNotFitTheTables) {
  const auto record = std::make_unique<ResumeRecord>();
  EXPECT_FALSE(record->add_counter("acme", std::string(65, 'n'), 1));
  for (std::size_t i = 0; i < ResumeRecord::kCountersMax; ++i) ASSERT_TRUE(record->add_counter("acme", "dropped.x", i));
  EXPECT_FALSE(record->add_counter("acme", "dropped.y", 1));
  EXPECT_EQ(record->counters[7].value, 7u);
}

TEST(Resume, MarksACallWhileItRuns) {
  const std::uint64_t before = agent::running_call.number;
  {
    const agent::CallMark mark(3, "work");
    EXPECT_EQ(agent::running_call.row, 3u);
    EXPECT_EQ(std::string_view(agent::running_call.slot), "work");
  }
  EXPECT_EQ(agent::running_call.row, agent::kNoPlugin);
  EXPECT_EQ(agent::running_call.number, before + 1);
}

}  // namespace
