#include "lab/ledger_view.hpp"

namespace lab {
namespace {

std::int64_t whole(const json::value& in, std::string_view pointer) {
  return static_cast<std::int64_t>(number_at(in, pointer));
}

LedgerRow row_of(const json::value& from, std::string plugin) {
  LedgerRow row;
  row.plugin = plugin.empty() ? text_at(from, "/plugin") : std::move(plugin);
  row.received = whole(from, "/received");
  row.delivered = whole(from, "/delivered");
  row.pending = whole(from, "/pending") + whole(from, "/pending/in_plugin") + whole(from, "/pending/in_forwarder");
  if (const json::value* dropped = find(from, "/dropped"); dropped && dropped->is_object())
    for (const auto& [reason, count] : dropped->get_object())
      row.dropped[std::string(reason)] = static_cast<std::int64_t>(number_of(&count));
  return row;
}

}  // namespace

std::int64_t LedgerRow::dropped_total() const {
  std::int64_t total = 0;
  for (const auto& [reason, count] : dropped) total += count;
  return total;
}

std::string LedgerRow::sentence() const {
  std::string reasons;
  for (const auto& [reason, count] : dropped)
    if (count != 0) reasons += (reasons.empty() ? " (" : ", ") + reason + " " + std::to_string(count);
  if (!reasons.empty()) reasons += ")";
  return "received " + std::to_string(received) + " = delivered " + std::to_string(delivered) + " + dropped "
         + std::to_string(dropped_total()) + reasons + " + pending " + std::to_string(pending);
}

std::vector<LedgerRow> ledger_of(const json::value& status) {
  std::vector<LedgerRow> rows;
  const json::value* ledger = find(status, "/ledger");
  if (ledger && ledger->is_array())
    for (const json::value& one : ledger->get_array()) rows.push_back(row_of(one, ""));
  if (ledger && ledger->is_object())
    for (const auto& [plugin, one] : ledger->get_object()) rows.push_back(row_of(one, std::string(plugin)));
  return rows;
}

}  // namespace lab
