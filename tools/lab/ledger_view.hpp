// The ledger as GET /status of the agent tells it: received = delivered + dropped + pending, per plugin.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lab/json.hpp"

namespace lab {

struct LedgerRow {
  std::string plugin;
  std::int64_t received = 0, delivered = 0, pending = 0;
  std::map<std::string, std::int64_t> dropped;  // by reason

  std::int64_t dropped_total() const;
  bool balances() const { return received == delivered + dropped_total() + pending; }
  std::string sentence() const;  // "received 12 = delivered 9 + dropped 3 (excluded 3) + pending 0"
};

// Empty where the answer has no ledger.
std::vector<LedgerRow> ledger_of(const json::value& status);

}  // namespace lab
