#include "lab/figures.hpp"

#include <algorithm>
#include <cstdarg>

namespace lab {
namespace {

std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string text(const char* format, ...) {
  char out[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(out, sizeof out, format, arguments);
  va_end(arguments);
  return out;
}

std::string by_name(const std::map<std::string, unsigned>& counts) {
  std::string out;
  for (const auto& [name, count] : counts) out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  return out;
}

json::object memory_json(const Memory& memory) {
  return {{"rss_kb", memory.rss_kb}, {"private_dirty_kb", memory.private_dirty_kb}};
}

json::object intake_json(const Intake::Counts& counts) {
  return {{"requests", counts.requests}, {"accepted", counts.accepted},     {"refused", counts.refused},
          {"broken", counts.broken},     {"wire_bytes", counts.wire_bytes}, {"logs", counts.logs},
          {"points", counts.points},     {"sketches", counts.sketches},     {"spans", counts.spans}};
}

json::array ledger_json(const std::vector<LedgerRow>& rows) {
  json::array out;
  for (const LedgerRow& row : rows) {
    json::object dropped;
    for (const auto& [reason, count] : row.dropped) dropped[reason] = count;
    out.push_back(json::object{{"plugin", row.plugin},
                               {"received", row.received},
                               {"delivered", row.delivered},
                               {"dropped", dropped},
                               {"pending", row.pending},
                               {"balances", row.balances()}});
  }
  return out;
}

std::string delivered_after(const Intake::Counts& before, const Intake::Counts& after) {
  const auto logs = after.logs - before.logs, points = after.points + after.sketches - before.points - before.sketches,
             spans = after.spans - before.spans;
  return text("after SHUTDOWN arrived: %llu logs, %llu metrics, %llu spans", static_cast<unsigned long long>(logs),
              static_cast<unsigned long long>(points), static_cast<unsigned long long>(spans));
}

}  // namespace

unsigned Figures::invocations_total() const {
  unsigned total = 0;
  for (const auto& [status, count] : invocations) total += count;
  return total;
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

json::object as_json(const Figures& figures) {
  json::object invocations;
  for (const auto& [status, count] : figures.invocations) invocations[status] = count;
  const double total = std::max(1u, figures.invocations_total());
  return {{"first_next_ms", figures.init.first_next_ms},
          {"init_ms", figures.init.init_ms},
          {"memory_at_start", memory_json(figures.memory_at_start)},
          {"memory_at_end", memory_json(figures.memory_at_end)},
          {"invocations", invocations},
          {"function_ms",
           json::object{{"p50", quantile(figures.function_ms, 0.5)}, {"p99", quantile(figures.function_ms, 0.99)}}},
          {"held_ms", json::object{{"p50", quantile(figures.held_ms, 0.5)}, {"p99", quantile(figures.held_ms, 0.99)}}},
          {"agent_cpu_ms_per_invocation", figures.agent_cpu_ms / total},
          {"agent_late", figures.agent_late},
          {"agent_crashes", figures.agent_crashes},
          {"ledger", ledger_json(figures.ledger)},
          {"intake", intake_json(figures.intake)},
          {"intake_before_shutdown", intake_json(figures.intake_before_shutdown)},
          {"telemetry", json::object{{"events", figures.telemetry.events},
                                     {"delivered", figures.telemetry.delivered},
                                     {"dropped", figures.telemetry.dropped},
                                     {"batches", figures.telemetry.batches},
                                     {"failed_posts", figures.telemetry.failed_posts}}},
          {"shutdown", json::object{{"exit_code", figures.shutdown.exit_code},
                                    {"killed", figures.shutdown.killed},
                                    {"took_ms", figures.shutdown.took_ms}}}};
}

void print_summary(const Terminal& terminal, const Figures& f, const LiveView::Counts* lines) {
  const auto row = [&](const char* name, const std::string& value) {
    terminal.line("  " + terminal.styled(Style::kBold, fitted(name, 12)) + value);
  };
  terminal.line("");
  terminal.line(terminal.styled(Style::kBold, "Summary"));
  row("start-up", text("exec to first /next %.1f ms, whole init %.1f ms", f.init.first_next_ms, f.init.init_ms));
  row("memory", text("after the first /next RSS %.1f MB, private dirty %.1f MB; at the end %.1f and %.1f MB",
                     static_cast<double>(f.memory_at_start.rss_kb) / 1024,
                     static_cast<double>(f.memory_at_start.private_dirty_kb) / 1024,
                     static_cast<double>(f.memory_at_end.rss_kb) / 1024,
                     static_cast<double>(f.memory_at_end.private_dirty_kb) / 1024));
  row("invocations",
      text("%u (%s), function %.1f ms, held by the agent afterwards %.1f ms (medians)", f.invocations_total(),
           by_name(f.invocations).c_str(), quantile(f.function_ms, 0.5), quantile(f.held_ms, 0.5)));
  row("agent CPU", text("%.2f ms per invocation", f.agent_cpu_ms / std::max(1u, f.invocations_total())));
  row("intake",
      text("%llu requests (%llu refused), %.1f KB on the wire: %llu logs, %llu metrics, %llu spans",
           static_cast<unsigned long long>(f.intake.requests), static_cast<unsigned long long>(f.intake.refused),
           static_cast<double>(f.intake.wire_bytes) / 1024, static_cast<unsigned long long>(f.intake.logs),
           static_cast<unsigned long long>(f.intake.points + f.intake.sketches),
           static_cast<unsigned long long>(f.intake.spans)));
  if (lines) {
    std::string value = text("%u written = %u arrived as they were + %u changed + %u dropped by rules + %u missing",
                             lines->written, lines->unchanged, lines->changed, lines->dropped_total(), lines->missing);
    if (!lines->dropped.empty()) value += " (" + by_name(lines->dropped) + ")";
    row("lines", value);
  }
  if (!f.has_status) row("ledger", "the agent did not answer GET /status");
  for (const LedgerRow& one : f.ledger)
    row("ledger", fitted(one.plugin, 8) + one.sentence()
                      + (one.balances() ? terminal.styled(Style::kGreen, "  balanced")
                                        : terminal.styled(Style::kRed, "  NOT BALANCED")));
  row("", delivered_after(f.intake_before_shutdown, f.intake));
  for (const std::string& words : f.last_words) row(&words == f.last_words.data() ? "at the end" : "", words);
  row("shutdown", f.shutdown.killed ? text("killed: still there after %.0f ms", f.shutdown.took_ms)
                                    : text("exit code %d after %.0f ms", f.shutdown.exit_code, f.shutdown.took_ms));
}

}  // namespace lab
