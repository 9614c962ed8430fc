#include "forward/ledger.hpp"

#include "base/invariant.hpp"
#include "base/text.hpp"

namespace agent {
namespace {
constexpr std::string_view kDropped = "dropped.";
constexpr std::string_view kPacketsLost = "packets_lost_";
}  // namespace

std::uint64_t LedgerLine::dropped_total() const {
  std::uint64_t total = 0;
  for (const auto& [reason, items] : dropped) total += items;
  return total;
}

Ledger::Account& Ledger::account(std::string_view plugin) {
  for (Account& known : accounts_)
    if (known.plugin == plugin) return known;
  accounts_.push_back(Account{std::string(plugin)});
  return accounts_.back();
}

void Ledger::took_over(std::string_view plugin, std::uint64_t items) { account(plugin).taken += items; }

void Ledger::delivered(std::string_view plugin, std::uint64_t items) {
  Account& own = account(plugin);
  own.delivered += items;
  (void)SLS_INVARIANT(own.delivered + own.dropped + own.spooled <= own.taken);
}

void Ledger::dropped(std::string_view plugin, std::string_view reason, std::uint64_t items) {
  Account& own = account(plugin);
  own.dropped += items;
  (void)SLS_INVARIANT(own.delivered + own.dropped + own.spooled <= own.taken);
  counters_.add(counters_.handle(plugin, cat(kDropped, reason)), items);
}

void Ledger::maybe_duplicate(std::string_view plugin, std::uint64_t items) { account(plugin).maybe_duplicate += items; }

void Ledger::spooled(std::string_view plugin, std::uint64_t items) {
  Account& own = account(plugin);
  own.spooled += items;
  (void)SLS_INVARIANT(own.delivered + own.dropped + own.spooled <= own.taken);
}

void Ledger::picked_up(std::string_view plugin, std::uint64_t items) {
  Account& own = account(plugin);
  own.taken += items;
  own.received_before += items;
  own.from_spool += items;
}

void Ledger::spool_ignored(std::string_view why) {
  counters_.add(counters_.handle("host", cat("spool.ignored.", why)));
}

void Ledger::copy_spooled(std::string_view plugin, std::uint64_t items) {
  counters_.add(counters_.handle(plugin, "additional.spooled"), items);
}

void Ledger::copy_delivered(std::string_view plugin, std::uint64_t items) {
  counters_.add(counters_.handle(plugin, "additional.delivered"), items);
}

void Ledger::copy_dropped(std::string_view plugin, std::string_view reason, std::uint64_t items) {
  counters_.add(counters_.handle(plugin, cat("additional.dropped.", reason)), items);
}

void Ledger::carry_over(std::string_view plugin, const Carried& earlier) {
  Account& own = account(plugin);
  own.received_before = earlier.received;
  own.taken = earlier.delivered + earlier.dropped_by_host;
  own.delivered = earlier.delivered;
  own.dropped = earlier.dropped_by_host;
  own.maybe_duplicate = earlier.maybe_duplicate;
}

Ledger::Carried Ledger::carried(std::string_view plugin, std::uint64_t received) const {
  for (const Account& own : accounts_)
    if (own.plugin == plugin) return {own.received_before + received, own.delivered, own.dropped, own.maybe_duplicate};
  return {received, 0, 0, 0};
}

LedgerLine Ledger::line(std::string_view plugin, std::uint64_t received, std::uint64_t pending_in_plugin) const {
  LedgerLine line;
  line.plugin = plugin;
  line.received = received;
  line.pending_in_plugin = pending_in_plugin;
  for (const Account& known : accounts_) {
    if (known.plugin != plugin) continue;
    line.received += known.received_before;
    line.delivered = known.delivered;
    line.pending_in_forwarder = known.taken - known.delivered - known.dropped - known.spooled;
    line.pending_in_spool = known.spooled;
    line.from_spool = known.from_spool;
    line.maybe_duplicate = known.maybe_duplicate;
  }
  line.packets_lost = counters_.sum(plugin, kPacketsLost);
  for (const Counters::Counter& counter : counters_.all())
    if (counter.owner == plugin && std::string_view(counter.name).substr(0, kDropped.size()) == kDropped)
      line.dropped.emplace_back(counter.name.substr(kDropped.size()), counter.value);
  return line;
}

}  // namespace agent
