#include "out/discovery.hpp"

#include "between/peer_tags.hpp"
#include "in/proxied_routes.hpp"
#include "routes.hpp"
#include "sls/codec/json_writer.hpp"
#include "sls/codec/sha256.hpp"

namespace traces {

std::string discovery_document(const Offer& offer) {
  std::string out;
  sls::json::Writer writer(out);
  writer.begin_object().key("version").string(offer.version);
  writer.key("endpoints").begin_array();
  for (const Route& route : kRoutes)
    if (route.listed) writer.string(route.path);
  for (const ProxiedRoute& route : kProxiedRoutes) writer.string(listed_path(route));
  writer.end_array();
  writer.key("client_drop_p0s").boolean(offer.client_drop_p0s);
  writer.key("span_meta_structs").boolean(true);
  writer.key("long_running_spans").boolean(true);
  writer.key("span_events").boolean(true);
  writer.key("evp_proxy_allowed_headers").begin_array();
  for (const std::string_view header : kEvpHeaders) writer.string(header);
  writer.end_array();
  writer.key("config").begin_object();
  writer.key("default_env").string(offer.default_env);
  writer.key("receiver_port").integer(std::uint64_t{offer.receiver_port});
  writer.key("receiver_socket").string(offer.receiver_socket);
  writer.key("statsd_port").integer(std::uint64_t{offer.statsd_port});
  writer.key("max_request_bytes").integer(offer.request_bytes_max);
  writer.end_object();
  writer.key("peer_tags").begin_array();
  for (const std::string_view key : kPeerTagKeys) writer.string(key);
  writer.end_array();
  writer.key("span_kinds_stats_computed").begin_array();
  for (const std::string_view kind : kCountedKinds) writer.string(kind);
  writer.end_array().end_object();
  return out;
}

std::string discovery_state(std::string_view document) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : sls::sha256(document)) {
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
  return out;
}

}  // namespace traces
