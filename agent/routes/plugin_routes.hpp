// The doors that plugins asked for: their HTTP routes on whatever address, their packet sockets.
//
// Two plugins that want the same route or socket: the later one is refused, naming both. A busy address switches that
// door off with an ERROR and never ends the agent. Called by agent/agent at start-up; a request or a batch of packets
// goes straight on to plugin_set.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/http_server.hpp"
#include "net/packet_server.hpp"
#include "plugin/plugin_set.hpp"
#include "routes/dispatch.hpp"

namespace agent {

// The HTTP addresses of this agent, each with its routes.
class Doors {
 public:
  Doors(Loop& loop, PluginSet& plugins, Counters& counters);
  ~Doors();

  // The routes on `address` ("127.0.0.1:8124"), made when it is new.
  Dispatch& at(const std::string& address);
  // Takes in what every running plugin asked for, in the order of the chain.
  void add_plugins();
  // Opens everything that has been asked for. What cannot be opened is one ERROR each.
  void open();
  // Packets that already wait in the sockets go to their plugins.
  void drain_packets();
  // Into the owners' counters "packets_lost_…"; the first loss of a socket is one ERROR.
  void count_lost_packets();
  void close();

  struct Open {
    std::string address, problem;  // problem: empty, or why the door is shut
  };
  std::vector<Open> report() const;

 private:
  struct Door {
    std::string address;
    Dispatch dispatch;
    std::unique_ptr<HttpServer> server;
    std::string problem;
  };
  struct Socket {
    std::size_t plugin = 0;
    std::uint32_t index = 0;  // into the plugin's interests
    PacketSocket wanted;
    std::unique_ptr<PacketServer> server;
    std::string problem;
    std::uint64_t counted_drops = 0, counted_too_large = 0;
  };

  std::string conflict_of(const Plugin& plugin) const;
  void add_routes(const Plugin& plugin);
  void add_sockets(const Plugin& plugin);
  void answer(std::size_t plugin, std::uint32_t route, const HttpRequest& request, HttpReply& reply);
  Door* find(std::string_view address) const;

  Loop& loop_;
  PluginSet& plugins_;
  Counters& counters_;
  std::vector<std::unique_ptr<Door>> doors_;
  std::vector<std::unique_ptr<Socket>> sockets_;
};

// "localhost:80" and "127.0.0.1:80" are one address.
std::string canonical_address(std::string_view address);

}  // namespace agent
