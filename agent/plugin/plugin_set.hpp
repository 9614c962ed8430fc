// The plugins of this sandbox: found, ordered, created, and called as a chain.
//
// The deployed set is every *.so of the first directory that exists; the operator switches parts of it off. Order of
// the chain: stage EDIT, then CONSUME; within a stage those named in `order`, then by id. Everything that goes wrong
// with one plugin is one ERROR (found, wanted, remedy), and the others go on. Facts that plugins post during a call
// are delivered after it.
//
// Called by agent/agent at start-up, then by routes, lifecycle and net's packet servers. It owns no clock and no
// socket.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "invocation/invocations.hpp"
#include "plugin/plugin.hpp"

namespace agent {

class PluginSet {
 public:
  explicit PluginSet(Counters& counters);
  ~PluginSet();

  // Opens what lies in the directories, but for `disabled` ids (a file's name without .so, or the id inside).
  void load(const std::vector<std::string>& directories, const std::vector<std::string>& disabled);
  // Takes a table that is in the process already.
  void adopt(const sls_plugin* table, std::string origin);
  // Resolves every plugin's options; switches off those whose ENABLES options say so.
  void resolve(const Sources& sources, Findings& findings);
  void put_in_order(const std::vector<std::string>& order);
  // Creates the instances. `view_for` fills a plugin's view of the sandbox (tags, its own options).
  void create(const std::function<void(const Plugin&, sls_sandbox&)>& view_for);

  const std::vector<std::unique_ptr<Plugin>>& chain() const { return chain_; }
  Plugin& at(std::size_t index) const { return *by_index_[index]; }
  // Ids of the plugins, and names of the files that were not opened since they are disabled.
  std::vector<std::string> names() const;
  const std::vector<std::string>& refusals() const { return refusals_; }
  // The union over the running plugins, bit per SLS_RECORD_*.
  std::uint32_t telemetry_kinds() const;
  void on_telemetry(std::vector<sls_record>& records, std::int64_t now_ns, std::size_t bytes);
  // Tells a step; headers that plugins want on the answer are appended to `reply` (the first to set a name wins).
  using ReplyHeaders = std::vector<std::pair<std::string, std::string>>;
  void on_invocation(sls_invocation step, ReplyHeaders* reply);
  sls_status on_request(std::size_t index, const sls_request& request, sls_response& response);
  void on_packets(std::size_t index, const sls_packets& packets, std::size_t bytes);
  void on_tick(std::size_t index, std::int64_t now_ns);
  sls_status next_payload(std::size_t index, const sls_flush& flush, sls_payload& payload);
  void on_delivery(std::size_t index, const sls_delivery& delivery);

  // One unit of work of the next plugin that has any. False: none has.
  bool work_one();
  bool has_work() const;
  // Called when a plugin may have got work to do.
  void on_work(std::function<void()> wake) { wake_ = std::move(wake); }

  // Destroys the instances in reverse order.
  void destroy();

 private:
  void add(Library library);
  void load_directory(const std::string& directory, const std::vector<std::string>& disabled);
  void reject(std::string sentence);
  void run_chain(std::size_t from, sls_telemetry& batch, std::size_t bytes, Stopwatch& watch);
  void release_records(std::int64_t now_ns, Stopwatch& watch);
  void deliver_posted();
  // After a call that handed something over: there may be work to do, and its accounts have changed.
  void note_intake(Plugin& plugin);

  Counters& counters_;
  PostedFacts posted_;
  bool delivering_ = false;
  std::vector<std::unique_ptr<Plugin>> chain_;
  std::vector<Plugin*> by_index_;
  std::vector<std::string> refusals_;
  std::vector<std::string> not_opened_;  // names of disabled files
  std::vector<char> has_work_;           // by index
  std::size_t next_worker_ = 0;
  std::vector<sls_str> texts_before_;
  std::function<void()> wake_;
};

}  // namespace agent
