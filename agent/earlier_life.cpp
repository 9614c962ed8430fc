#include "earlier_life.hpp"

#include "base/log.hpp"
#include "base/text.hpp"

namespace agent {

void note_event(const NextEvent& event, ResumeRecord& record) {
  const bool invoke = event.kind == NextEvent::Kind::kInvoke;
  record.request_id.assign(event.request_id);
  record.function_arn.assign(event.function_arn);
  record.shutdown_reason.assign(event.shutdown_reason);
  record.event_deadline_ms = event.deadline_ms;
  record.event_done = 0;
  if (invoke) ++record.invocations;
  record.event = invoke ? ResumeRecord::kInvoke : ResumeRecord::kShutdown;
}

std::optional<NextEvent> unfinished_event(const ResumeRecord& before) {
  if (before.event == ResumeRecord::kNoEvent || before.event_done != 0) return std::nullopt;
  NextEvent event;
  event.kind = before.event == ResumeRecord::kInvoke ? NextEvent::Kind::kInvoke : NextEvent::Kind::kShutdown;
  event.request_id = before.request_id.view();
  event.function_arn = before.function_arn.view();
  event.shutdown_reason = before.shutdown_reason.view();
  event.deadline_ms = before.event_deadline_ms;
  return event;
}

House::Earlier earlier_of(const ResumeRecord& before) {
  House::Earlier earlier;
  earlier.registered = !before.identifier.empty();
  earlier.asked = earlier.registered || before.awaited == ResumeRecord::kRegistration;
  earlier.idle_only = is_idle_only(before);
  earlier.registration = {std::string(before.function_name.view()), std::string(before.function_version.view()),
                          std::string(before.handler.view()), std::string(before.account_id.view())};
  return earlier;
}

void note_totals(const Counters& counters, const Ledger& ledger, const PluginSet& plugins, ResumeRecord& record) {
  for (const Counters::Counter& counter : counters.all())
    if (counter.value != 0) record.add_counter(counter.owner, counter.name, counter.value);
  const auto add = [&](std::string_view plugin, std::uint64_t received) {
    const Ledger::Carried totals = ledger.carried(plugin, received);
    ResumeRecord::LedgerRow row;
    row.plugin.assign(plugin);
    row.received = totals.received;
    row.delivered = totals.delivered;
    row.dropped_by_host = totals.dropped_by_host;
    row.maybe_duplicate = totals.maybe_duplicate;
    record.add(row);
  };
  const auto& chain = plugins.chain();
  for (const auto& plugin : chain)
    if (plugin && plugin->table().state) add(plugin->id(), plugin->noted_accounts().received);
  for (std::size_t i = 0; i < ledger.known(); ++i) {
    bool in_chain = false;
    for (const auto& plugin : chain) in_chain = in_chain || (plugin && plugin->id() == ledger.known(i));
    if (!in_chain) add(ledger.known(i), 0);
  }
}

void note_progress(const Invocations& invocations, ResumeRecord& record) {
  if (record.event == ResumeRecord::kInvoke) record.event_done = invocations.is_done(record.request_id.view()) ? 1 : 0;
}

void restore_totals(const ResumeRecord& before, Counters& counters, Ledger& ledger) {
  for (std::uint32_t i = 0; i < before.counter_count; ++i) {
    const ResumeRecord::CounterRow& row = before.counters[i];
    counters.add(counters.handle(row.owner.view(), row.name.view()), row.value);
  }
  std::string lost_of;
  for (std::uint32_t i = 0; i < before.ledger_count; ++i) {
    const ResumeRecord::LedgerRow& row = before.ledger[i];
    const std::string_view plugin = row.plugin.view();
    ledger.carry_over(plugin, {row.received, row.delivered, row.dropped_by_host, row.maybe_duplicate});
    const std::uint64_t known = row.delivered + counters.sum(plugin, "dropped.");
    const std::uint64_t lost = row.received > known ? row.received - known : 0;
    counters.add(counters.handle(plugin, "dropped.restart"), lost);
    if (lost != 0) lost_of += cat(lost_of.empty() ? "" : ", ", lost, " of ", plugin);
  }
  log_error(what_happened(before), "; the agent has resumed itself; lost, beside what the call was about: ",
            lost_of.empty() ? "nothing" : lost_of);
}

}  // namespace agent
