// Built twice, as same-place-a and same-place-b: two plugins that ask for one route and one socket.
#include <sls/options.hpp>
#include <sls/plugin.hpp>

struct Options {
  std::string route, socket;
  static constexpr auto rows() {
    return sls::rows(
        sls::row<&Options::route>("route", {.fallback = "127.0.0.1:0", .about = "Where it answers."}),
        sls::row<&Options::socket>("socket", {.fallback = "udp://127.0.0.1:0", .about = "Where it listens."}));
  }
};

class SamePlace {
 public:
  SamePlace(sls::Host, const sls::Sandbox& sandbox) : options_(sls::read_options<Options>(sandbox).options) {}
  void interests(sls::Interests& want) {
    if (!options_.route.empty()) want.add_route({options_.route, "GET", "/same"});
    if (!options_.socket.empty()) want.add_socket({.address = options_.socket, .packet_bytes_max = 8192});
  }
  sls::Response on_request(const sls::Request&) { return {.body = SAME_PLACE_ID}; }
  void on_packets(const sls::Packets&) {}

 private:
  Options options_;
};
SLS_PLUGIN_WITH(SamePlace, {.id = SAME_PLACE_ID,
                            .version = "1.0.0",
                            .about = "Wants what another has.",
                            .options = sls::option_table<Options>()});
