#include "routes/status_route.hpp"

#include <algorithm>

#include "base/invariant.hpp"
#include "base/log.hpp"
#include "config/shown.hpp"
#include "lambda/sandbox.hpp"
#include "sls/codec/json_writer.hpp"

namespace agent {
namespace {

using sls::json::Writer;

std::int64_t ms(Nanos duration) { return duration / std::chrono::milliseconds(1); }

std::string_view name_of_reason(std::uint32_t reason) {
  switch (reason) {
    case SLS_FLUSH_PERIODIC: return "periodic";
    case SLS_FLUSH_INVOCATION_END: return "invocation_end";
    default: return "shutdown";
  }
}

void write_plugins(Writer& out, const PluginSet& plugins) {
  out.key("plugins").begin_array();
  for (const auto& plugin : plugins.chain()) {
    out.begin_object();
    out.key("id").string(plugin->id());
    out.key("version").string(plugin->version());
    out.key("path").string(plugin->path());
    out.key("state").string(name(plugin->state()));
    if (!plugin->problem().empty()) out.key("problem").string(scrubbed(plugin->problem()));
    out.key("slow_calls").integer(plugin->quarantine().slow_calls());
    out.key("failed_calls").integer(plugin->quarantine().failed_calls());
    out.end_object();
  }
  out.end_array();
  out.key("refused").begin_array();
  for (const std::string& refusal : plugins.refusals()) out.string(scrubbed(refusal));
  out.end_array();
}

void write_values(Writer& out, std::string_view owner, const Resolved& values) {
  for (const Value& value : values.values()) {
    if (!value.present) continue;
    out.begin_object();
    out.key("owner").string(owner);
    out.key("key").string(from_sls(value.row->key));
    out.key("value").string(shown(value));
    out.key("origin").string(value.origin.where);
    out.end_object();
  }
}

void write_settings(Writer& out, const StatusSources& sources) {
  out.key("settings").begin_array();
  write_values(out, "host", sources.host_values);
  for (const auto& plugin : sources.plugins.chain()) write_values(out, plugin->id(), plugin->values());
  out.end_array();
}

void write_ledger(Writer& out, const StatusSources& sources) {
  out.key("ledger").begin_array();
  for (const LedgerLine& line : ledger_lines(sources.plugins, sources.ledger)) {
    out.begin_object();
    out.key("plugin").string(line.plugin);
    out.key("received").integer(line.received);
    out.key("delivered").integer(line.delivered);
    out.key("dropped").begin_object();
    for (const auto& [reason, items] : line.dropped)
      if (items != 0) out.key(reason).integer(items);
    out.end_object();
    out.key("pending").begin_object();
    out.key("in_plugin").integer(line.pending_in_plugin);
    out.key("in_forwarder").integer(line.pending_in_forwarder);
    out.key("in_spool").integer(line.pending_in_spool);
    out.end_object();
    out.key("maybe_duplicate").integer(line.maybe_duplicate);
    out.key("from_spool").integer(line.from_spool);
    out.key("packets_lost").integer(line.packets_lost);
    out.key("balances").boolean(line.balances());
    out.end_object();
  }
  out.end_array();
}

void write_counters(Writer& out, const Counters& counters) {
  out.key("counters").begin_array();
  for (const Counters::Counter& counter : counters.all()) {
    if (counter.value == 0) continue;
    out.begin_object();
    out.key("owner").string(counter.owner);
    out.key("name").string(counter.name);
    out.key("value").integer(counter.value);
    out.end_object();
  }
  out.end_array();
}

void write_flushes(Writer& out, const FlushRun& flushes) {
  out.key("flushes").begin_array();
  for (const FlushRecord& flush : flushes.history()) {
    out.begin_object();
    out.key("at_ms").integer(to_ns(flush.at) / 1'000'000);
    out.key("reason").string(name_of_reason(flush.reason));
    out.key("took_ms").integer(ms(flush.took));
    out.key("payloads").integer(flush.payloads);
    out.key("complete").boolean(flush.complete);
    out.end_object();
  }
  out.end_array();
}

void write_endpoints(Writer& out, const Forwarder& forwarder) {
  out.key("endpoints").begin_array();
  for (const LaneReport& lane : forwarder.report()) {
    out.begin_object();
    out.key("origin").string(lane.origin);
    out.key("waiting").integer(lane.waiting);
    out.key("waiting_bytes").integer(lane.waiting_bytes);
    out.key("in_flight").integer(lane.in_flight);
    out.key("requests").integer(lane.requests);
    out.key("failures").integer(lane.failures);
    if (!lane.last_error.empty()) out.key("last_error").string(scrubbed(lane.last_error));
    out.end_object();
  }
  out.end_array();
}

void write_doors(Writer& out, const Doors& doors) {
  out.key("doors").begin_array();
  for (const Doors::Open& door : doors.report()) {
    out.begin_object();
    out.key("address").string(door.address);
    if (!door.problem.empty()) out.key("problem").string(scrubbed(door.problem));
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::vector<LedgerLine> ledger_lines(PluginSet& plugins, const Ledger& ledger) {
  std::vector<LedgerLine> lines;
  for (const auto& plugin : plugins.chain()) {
    if (!plugin->table().state || plugin->state() == PluginState::kSwitchedOff) continue;
    const sls_state accounts = plugin->accounts();
    lines.push_back(ledger.line(plugin->id(), accounts.received, accounts.pending_items));
  }
  // Those that are out: what they had is told to the end.
  const auto is_listed = [&](std::string_view plugin) {
    return std::any_of(lines.begin(), lines.end(), [&](const LedgerLine& line) { return line.plugin == plugin; });
  };
  for (std::size_t i = 0; i < ledger.known(); ++i)
    if (!is_listed(ledger.known(i))) lines.push_back(ledger.line(ledger.known(i), 0, 0));
  return lines;
}

void add_status_route(Dispatch& dispatch, std::function<std::string()> json) {
  const auto answer = [json = std::move(json)](const HttpRequest&, HttpReply& reply) {
    reply.content_type = "application/json";
    reply.body = json();
  };
  dispatch.add({"host", "GET", "/status", {0, BodyPolicy::OnExcess::kTakeWithoutBody}, answer});
}

std::string status_json(const StatusSources& sources) {
  const Wall now = Now::read().wall;
  std::string text;
  text.reserve(16 << 10);
  Writer out(text);
  out.begin_object();
  out.key("version").string(kAgentVersion);
  out.key("uptime_ms").integer(ms(now - sources.process_start));
  out.key("start_us").integer(std::int64_t{sources.start_took / std::chrono::microseconds(1)});
  out.key("telemetry").string(scrubbed(sources.telemetry));
  const Invocations& invocations = sources.feed.invocations();
  out.key("invocations").begin_object();
  out.key("seen").integer(invocations.seen());
  out.key("open").integer(static_cast<std::uint64_t>(invocations.open()));
  out.key("evicted").integer(invocations.evicted());
  out.end_object();
  write_plugins(out, sources.plugins);
  write_doors(out, sources.doors);
  sources.doors.count_lost_packets();
  write_ledger(out, sources);
  write_counters(out, sources.counters);
  write_flushes(out, sources.flushes);
  write_endpoints(out, sources.forwarder);
  write_settings(out, sources);
  out.key("log_lines_dropped").integer(Log::lines_dropped());
  out.key("invariants_broken").integer(invariants_broken());
  out.end_object();
  return text;
}

}  // namespace agent
