// The forwarder: takes payloads over from plugins, compresses, sends, tries again, and accounts for every item.
//
// One lane per address, key and path: a bounded queue, up to kConnectionsPerEndpointMax requests in flight, keep-alive,
// a breaker. A dead endpoint never holds another one up. Bytes that wait are bounded by kForwardBytesMax over all
// lanes, and one plugin's by half of that; then has_room() is false and data stays in the plugins. A failed payload is
// tried kAttemptsPerFlush times per flush, then waits for the next flush. A flush waits for an endpoint that gives no
// answer for nine tenths of kFlushHold at most, then the endpoint's breaker is open and later flushes do not wait for
// it. Decisions (retry, classification of answers, which key goes where) are pure functions beside it.
//
// It knows no product: endpoints come from plugins, with "{site}" and the key left for the host. The API key goes only
// to hosts under the configured site and to addresses that the operator wrote (those without "{site}").
// Called by lifecycle/flush_run; results go to the ledger and, through the callback, to the plugin.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "forward/ledger.hpp"
#include "forward/transport.hpp"
#include "net/offload.hpp"
#include "net/task.hpp"
#include "sls/plugin.h"

namespace agent {

struct ForwardOptions {
  std::string site, api_key, app_key;
  std::chrono::nanoseconds request_timeout{};  // flush_timeout
  int compression_level = 3;
  std::string proxy_https;
  std::vector<std::string> no_proxy;
  std::string tls_cert_file;
  bool verify_tls = true;
  std::string user_agent;  // "serverless-agent/0.1.0"
  // Where what waits at the end is kept for the next start, for whom (a file of somebody else is not believed), and how
  // much of it; 0: nowhere.
  std::string spool_file, spool_writer;
  std::size_t spool_bytes = 0;
};

// What is told about one endpoint in GET /status.
struct LaneReport {
  std::string origin;  // and path: "https://host:443/v1/input"
  std::uint64_t waiting = 0, waiting_bytes = 0, in_flight = 0;
  std::uint64_t requests = 0, failures = 0;
  std::string last_error;
};

class Forwarder {
 public:
  // `deliver` is called once per payload when its fate at the primary endpoint is known. Where a part of it was lost,
  // outcome and items tell of that part; else of the whole. Never called from inside has_room or report.
  using Deliver = std::function<void(std::size_t plugin, const sls_delivery& delivery)>;

  Forwarder(Loop& loop, ForwardOptions options, Ledger& ledger, Offload& offload, Deliver deliver,
            Connect connect = connect_http);
  ~Forwarder();

  // Declares a plugin's intakes; their order is the index that payloads name. An endpoint whose URL cannot be used is
  // one ERROR; payloads for it are dropped as "bad_endpoint".
  void add_plugin(std::size_t plugin, std::string_view id, const sls_intake* intakes, std::size_t count);

  // False: pull no more now. With a plugin: also when it has filled its own half, so that the others' data goes on.
  bool has_room() const;
  bool has_room(std::size_t plugin) const;
  // Copies everything; never blocks. Without an API key that the payload needs it is dropped as "no_api_key".
  void accept(std::size_t plugin, const sls_payload& payload);

  // A flush begins: what waits may be tried again; the first one takes in what an earlier process has left. Starts
  // sending. `last`: there will be no other, so breakers do not count and drain waits for everything.
  void begin_flush(bool last = false);
  // Returns when nothing can be sent any more in this flush, or at `until`. Requests in flight are not cut.
  Task<> drain(Steady until);
  // What still waits goes into the spool file; what finds no room there, or no time before `until`, is given up, as
  // dropped "shutdown". After the last drain. Writing takes about as long again as choosing.
  void abandon(Steady until);

  // /next has answered after a gap: connections from before are not used again.
  void thawed();

  std::uint64_t pending_items() const;
  std::uint64_t pending_bytes() const;
  std::vector<LaneReport> report() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace agent
