// The ledger: received = delivered + dropped(reason) + pending, at any moment, per plugin.
//
// `received` and the plugin's own part of `pending` come from the plugin (sls_state), its own drops from its counters
// "dropped.*"; what the host delivered, dropped and still holds is kept here, in the same units (sls_part.items).
// Pure: no I/O. Read by routes/status_route and by tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"

namespace agent {

struct LedgerLine {
  std::string plugin;
  std::uint64_t received = 0;
  std::uint64_t delivered = 0;
  std::uint64_t pending_in_plugin = 0;
  std::uint64_t pending_in_forwarder = 0;
  std::uint64_t pending_in_spool = 0;                          // for the next start in this sandbox
  std::vector<std::pair<std::string, std::uint64_t>> dropped;  // reason, items; the plugin's and the host's
  std::uint64_t maybe_duplicate = 0;                           // sent again after an answer was lost; part of delivered
  std::uint64_t from_spool = 0;                                // an earlier process left them; part of received
  std::uint64_t packets_lost = 0;                              // never received: beside the sum

  std::uint64_t dropped_total() const;
  std::uint64_t pending() const { return pending_in_plugin + pending_in_forwarder + pending_in_spool; }
  bool balances() const { return received == delivered + dropped_total() + pending(); }
};

class Ledger {
 public:
  explicit Ledger(Counters& counters) : counters_(counters) {}

  void took_over(std::string_view plugin, std::uint64_t items);  // pulled from the plugin
  void delivered(std::string_view plugin, std::uint64_t items);
  void dropped(std::string_view plugin, std::string_view reason, std::uint64_t items);
  void maybe_duplicate(std::string_view plugin, std::uint64_t items);
  // Taken over earlier, now in the file for the next start; and out of it, at that start: received there once more.
  void spooled(std::string_view plugin, std::uint64_t items);
  void picked_up(std::string_view plugin, std::uint64_t items);
  // A file lay there that was not believed.
  void spool_ignored(std::string_view why);
  // What an earlier life of the process left: totals without what is counted on "dropped.*" counters, which the caller
  // restores, but for the host's part of them.
  struct Carried {
    std::uint64_t received = 0, delivered = 0, dropped_by_host = 0, maybe_duplicate = 0;
  };
  void carry_over(std::string_view plugin, const Carried& earlier);
  // What the next life would have to carry over.
  Carried carried(std::string_view plugin, std::uint64_t received) const;
  // Plugins that something is known of, by position. No allocation.
  std::size_t known() const { return accounts_.size(); }
  std::string_view known(std::size_t i) const { return accounts_[i].plugin; }
  // What became of the copies for additional endpoints: counters of their own, no part of any line.
  void copy_delivered(std::string_view plugin, std::uint64_t items);
  void copy_spooled(std::string_view plugin, std::uint64_t items);
  void copy_dropped(std::string_view plugin, std::string_view reason, std::uint64_t items);

  // `received` and `pending` as the plugin states them now; an earlier life's are added.
  LedgerLine line(std::string_view plugin, std::uint64_t received, std::uint64_t pending_in_plugin) const;

 private:
  struct Account {
    std::string plugin;
    std::uint64_t taken = 0, delivered = 0, dropped = 0, maybe_duplicate = 0, received_before = 0;
    std::uint64_t spooled = 0, from_spool = 0;
  };
  Account& account(std::string_view plugin);

  Counters& counters_;
  std::vector<Account> accounts_;
};

}  // namespace agent
