#include "agent.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "config/environment_source.hpp"
#include "config/shown.hpp"
#include "earlier_life.hpp"
#include "net/signals.hpp"
#include "routes/status_route.hpp"
#include "routes/tracer_routes.hpp"

namespace agent {
namespace {

std::string_view directory_of(std::string_view path) { return path.substr(0, path.rfind('/')); }
std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool wants(std::uint32_t kinds, unsigned kind) { return (kinds & (1u << kind)) != 0; }

}  // namespace

Agent::Agent(std::string own_file, Now process_start)
    : own_file_(std::move(own_file)),
      process_start_(process_start),
      plugins_(counters_),
      ledger_(counters_),
      offload_(loop_) {
  Log::set_scrub(scrubbed);
}

Agent::~Agent() {
  // Doors first: nothing may call a plugin that is gone.
  receiver_.reset();
  doors_.reset();
  plugins_.destroy();
}

int Agent::run() {
  environment_ = read_environment();
  earlier_ = Resume::prepare(own_file_, environment_entries());
  on_termination(loop_, [this](int signal) { end_by_signal(signal); });
  Resume::accept_signals();
  const auto init_type = find_variable(environment_, "AWS_LAMBDA_INITIALIZATION_TYPE");
  managed_ = init_type == kManagedInitType;
  snapshot_ = init_type == kSnapshotInitType;
  const std::string_view address = find_variable(environment_, "AWS_LAMBDA_RUNTIME_API").value_or("");
  api_.emplace(loop_, address, std::string(name_of(own_file_)));
  api_->on_awaited([&record = Resume::record()](ExtensionsApi::Awaited awaited, int descriptor) {
    record.platform_descriptor = descriptor;
    record.awaited = static_cast<std::uint32_t>(awaited);
  });
  if (earlier_) go_on_with(*earlier_);
  Resume::on_fault(
      [](void* self, ResumeRecord& record) {
        const Agent& agent = *static_cast<const Agent*>(self);
        note_totals(agent.counters_, agent.ledger_, agent.plugins_, record);
        if (agent.feed_) note_progress(agent.feed_->invocations(), record);
      },
      this);
  run_life(loop_, *api_, *this, managed_, exit_code_);
  loop_.run();
  return exit_code_;
}

void Agent::go_on_with(const ResumeRecord& before) {
  api_->adopt(std::string(before.identifier.view()), static_cast<ExtensionsApi::Awaited>(before.awaited),
              before.platform_descriptor);
  if (is_idle_only(before) && before.receiver_descriptor >= 0) {
    ::close(before.receiver_descriptor);  // nobody will accept: the platform shall see it at once
    Resume::record().receiver_descriptor = -1;
  }
  restore_totals(before, counters_, ledger_);
}

House::Earlier Agent::earlier() { return earlier_ ? earlier_of(*earlier_) : Earlier(); }

void Agent::load() {
  sources_ = Sources::from_process(std::move(environment_), findings_);
  host_values_ = sources_->resolve(host_table(), findings_);
  settings_ = make_settings(host_values_, *sources_, directory_of(own_file_), findings_);
  Log::set_level(settings_.log_level);
  plugins_.load(settings_.plugin_directories, settings_.plugins_disabled);
  plugins_.resolve(*sources_, findings_);
  plugins_.put_in_order(settings_.plugin_order);
}

void Agent::report_findings() {
  std::vector<const OptionTable*> tables = {&host_table()};
  for (const auto& plugin : plugins_.chain()) tables.push_back(&plugin->option_table());
  const std::vector<std::string> names = plugins_.names();
  sources_->report_unknown(tables, names, findings_);
  report_unknown_plugins("plugins_order", settings_.plugin_order, names);
  report_unknown_plugins("plugins_disabled", settings_.plugins_disabled, names);
  findings_.report();
}

// A slip in a list of plugins would otherwise do nothing, silently.
void Agent::report_unknown_plugins(std::string_view key, const std::vector<std::string>& listed,
                                   const std::vector<std::string>& names) {
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const std::string& name : listed) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string_view near = nearest(name, known);
    findings_.add(Level::kWarn, cat(host_values_.find(key)->origin.where, ": there is no plugin ", json_quoted(name),
                                    near.empty() ? "" : "; did you mean ", near, near.empty() ? "" : "?"));
  }
}

void Agent::build(const RegisterAnswer& registration) {
  ResumeRecord& record = Resume::record();
  record.function_name.assign(registration.function_name);
  record.function_version.assign(registration.function_version);
  record.handler.assign(registration.handler);
  record.account_id.assign(registration.account_id);
  record.identifier.assign(api_->identifier());
  sandbox_.emplace(*sources_, settings_, registration);
  create_plugins();
  feed_.emplace(loop_, process_start_.wall, managed_, plugins_);
  if (snapshot_) feed_->expect_restore();
  if (earlier_ && earlier_->invocations > 0)
    feed_->continue_earlier(earlier_->request_id.view(), earlier_->invocations == 1 && unfinished_event(*earlier_));
}

void Agent::open() {
  open_doors();
  build_forwarder();
}

void Agent::create_plugins() {
  std::vector<sls_pair> options, origins, unreadable;
  plugins_.create([&](const Plugin& plugin, sls_sandbox& view) {
    sandbox_->fill(view);
    options.clear(), origins.clear(), unreadable.clear();
    for (const Value& value : plugin.values().values()) {
      if (!value.present) continue;
      options.push_back({value.row->key, to_sls(value.text)});
      origins.push_back({value.row->key, to_sls(value.origin.where)});
    }
    for (const auto& [key, why] : plugin.values().unreadable()) unreadable.push_back({to_sls(key), to_sls(why)});
    view.generation = 1;
    view.options = {options.data(), options.size()};
    view.origins = {origins.data(), origins.size()};
    view.unreadable = {unreadable.data(), unreadable.size()};
  });
}

void Agent::open_doors() {
  doors_.emplace(loop_, plugins_, counters_);
  Dispatch& own = doors_->at(canonical_address(cat(settings_.bind_host, ":", settings_.lifecycle_port)));
  TracerRouteOptions tracer;
  const std::string_view local_test = sources_->variable("DD_LOCAL_TEST").value_or("");
  tracer.local_test = local_test == "true" || local_test == "1";
  add_tracer_routes(own, *feed_, tracer);
  add_status_route(own, [this] { return status(); });
  doors_->add_plugins();
  doors_->open();
}

void Agent::build_forwarder() {
  ForwardOptions options;
  options.site = settings_.site;
  options.api_key = settings_.api_key;
  options.app_key = settings_.app_key;
  options.request_timeout = settings_.flush_timeout;
  options.compression_level = settings_.compression_level;
  options.proxy_https = settings_.proxy_https;
  options.no_proxy = settings_.no_proxy;
  options.tls_cert_file = settings_.tls_cert_file;
  options.verify_tls = !settings_.skip_ssl_validation;
  options.user_agent = cat("serverless-agent/", kAgentVersion);
  options.spool_file = cat(settings_.spool_directory, "/serverless-agent.spool");
  const ResumeRecord& record = Resume::record();
  options.spool_writer = cat(record.function_name.view(), ":", record.function_version.view(), "@", settings_.site);
  options.spool_bytes = settings_.spool_directory.empty() ? 0 : settings_.spool_bytes;
  const auto deliver = [this](std::size_t plugin, const sls_delivery& fate) { plugins_.on_delivery(plugin, fate); };
  forwarder_.emplace(loop_, std::move(options), ledger_, offload_, deliver);
  for (const auto& plugin : plugins_.chain()) {
    if (!plugin->running()) continue;
    const sls_interests& wants = plugin->interests();
    forwarder_->add_plugin(plugin->index(), plugin->id(), wants.intakes, wants.intake_count);
  }
  flushes_.emplace(loop_, plugins_, *forwarder_);
}

Result<std::string> Agent::subscription() {
  telemetry_.emplace(*feed_, plugins_, counters_, managed_);
  telemetry_->add_to(receiver_routes_);
  receiver_.emplace(loop_, receiver_routes_);
  ResumeRecord& record = Resume::record();
  const bool subscribed = earlier_ && earlier_->telemetry == ResumeRecord::kAccepted;
  Status listening;
  if (earlier_ && earlier_->receiver_descriptor >= 0)
    listening = receiver_->adopt(earlier_->receiver_descriptor);
  else
    listening = receiver_->listen(cat(telemetry_listen_address(*sources_, read_hosts_file()), ":0"));
  if (!listening) return listening.error();
  if (subscribed) return std::string();
  if (earlier_ && earlier_->telemetry == ResumeRecord::kRefused)
    return Error{ErrorCode::kDenied, std::string(earlier_->telemetry_refusal.view())};
  record.receiver_descriptor = receiver_->descriptor();
  const std::uint32_t kinds = plugins_.telemetry_kinds();
  const std::string uri = cat("http://sandbox.localdomain:", receiver_->port(), "/");
  return subscription_body(wants(kinds, SLS_RECORD_FUNCTION), wants(kinds, SLS_RECORD_EXTENSION), managed_, uri);
}

LifecycleLoop& Agent::begin(const Status& subscribed) {
  const std::string refusal = subscribed ? std::string() : subscribed.error().text;
  Resume::record().telemetry_refusal.assign(refusal);
  Resume::record().telemetry = refusal.empty() ? ResumeRecord::kAccepted : ResumeRecord::kRefused;
  telemetry_state_ = refusal.empty() ? "accepted" : cat("refused: ", refusal);
  if (!refusal.empty())
    log_warn("the Telemetry API is not to be had (", refusal,
             "): no log lines and no platform events; an invocation ends where the tracer says so");
  background_.emplace(loop_, plugins_, *feed_);
  background_->start();
  LifecycleOptions options = lifecycle_options(refusal.empty());
  return lifecycle_.emplace(loop_, *api_, *feed_, *flushes_, *forwarder_, std::move(options));
}

LifecycleOptions Agent::lifecycle_options(bool telemetry) {
  LifecycleOptions options;
  options.managed = managed_;
  options.telemetry = telemetry;
  bool understood = true;
  options.strategy = FlushStrategy::parse(settings_.flush_strategy, understood);
  if (!understood)
    log_warn("serverless_flush_strategy is ", json_quoted(settings_.flush_strategy),
             "; end, end,MS, periodically,MS or continuously,MS was wanted; the adaptive default is used");
  const auto kind = options.strategy.kind;
  if (managed_ && (kind == FlushStrategy::Kind::kEnd || kind == FlushStrategy::Kind::kPeriodically))
    log_warn(
        "serverless_flush_strategy is ", json_quoted(settings_.flush_strategy),
        ", but managed instances tell no invocations: data is flushed every 30 s; continuously,MS sets the interval");
  options.flush_timeout = settings_.flush_timeout;
  options.process_start = process_start_.wall;
  options.drain_sockets = [this] { doors_->drain_packets(); };
  options.on_first_next = [this] {
    start_took_ = Now::read().steady - process_start_.steady;
    log_info("serverless-agent ", kAgentVersion, earlier_ ? " has resumed after " : " is ready after ",
             start_took_ / std::chrono::microseconds(1), " us");
    // When the question is on its way: nobody is waiting then.
    loop_.post([](void* self) { static_cast<Agent*>(self)->report_findings(); }, this);
  };
  options.on_event = [this](const NextEvent& event) {
    note_event(event, Resume::record());
    doors_->count_lost_packets();  // so that the first loss is said while somebody may still act
  };
  if (earlier_) options.unfinished = unfinished_event(*earlier_);
  return options;
}

void Agent::end_by_signal(int signal) {
  if (!lifecycle_) return loop_.stop();  // before the first /next there is nothing to deliver
  log_info("Exiting: signal ", signal);
  NextEvent as_shutdown;
  as_shutdown.kind = NextEvent::Kind::kShutdown;
  as_shutdown.shutdown_reason = cat("signal ", signal);
  as_shutdown.deadline_ms = to_ns(Now::read().wall + limits::kSignalGrace) / 1'000'000;
  note_event(as_shutdown, Resume::record());
  lifecycle_->end_by_signal(cat("signal ", signal));
}

std::string Agent::status() {
  const StatusSources sources{host_values_,        plugins_,         *doors_,    *feed_,
                              *flushes_,           *forwarder_,      ledger_,    counters_,
                              process_start_.wall, telemetry_state_, start_took_};
  return status_json(sources);
}

// The last word: what has become of everything, per plugin.
void Agent::end() {
  Resume::record().ended = 1;
  background_->stop();
  doors_->count_lost_packets();
  for (const LedgerLine& line : ledger_lines(plugins_, ledger_)) {
    const std::string twice = line.maybe_duplicate == 0 ? "" : cat(", perhaps twice ", line.maybe_duplicate);
    const std::string lost = line.packets_lost == 0 ? "" : cat("; packets lost before ", line.packets_lost);
    log_info("ledger ", line.plugin, ": received ", line.received, " = delivered ", line.delivered, " + dropped ",
             line.dropped_total(), " + pending ", line.pending(), line.balances() ? "" : " (does not balance)", twice,
             lost);
  }
  doors_->close();
  receiver_->stop();
}

}  // namespace agent
