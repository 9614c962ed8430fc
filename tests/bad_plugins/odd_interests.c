/* Asks for routes and sockets that cannot be, an intake without an endpoint, and a tick every nanosecond. */
#include "faultless.h"

static sls_status on_request(void* self, const sls_request* request, sls_response* out) {
  (void)self;
  (void)request;
  out->status = 200;
  return SLS_OK;
}
static sls_status on_packets(void* self, const sls_packets* packets) {
  (void)self;
  (void)packets;
  return SLS_OK;
}
static sls_status on_tick(void* self, int64_t now_ns) {
  (void)self;
  (void)now_ns;
  return SLS_OK;
}
static sls_status interests(void* self, sls_interests* out) {
  static const sls_route routes[] = {{sizeof(sls_route), 0, TEXT("no address"), TEXT("POST"), TEXT("/a"), 0},
                                     {sizeof(sls_route), 0, TEXT("127.0.0.1:70000"), TEXT("POST"), TEXT("/a"), 0},
                                     {sizeof(sls_route), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, UINT64_MAX}};
  static const sls_socket sockets[] = {{sizeof(sls_socket), 77, TEXT("udp://127.0.0.1:0"), 0, 0},
                                       {sizeof(sls_socket), SLS_DATAGRAM, TEXT("carrier-pigeon://127.0.0.1"), 0, 8192},
                                       {sizeof(sls_socket), SLS_DATAGRAM, {NULL, 0}, UINT32_MAX, UINT32_MAX}};
  static const sls_intake intake = {sizeof(sls_intake), 0, TEXT("none"), NULL, 0};
  (void)self;
  out->routes = routes;
  out->route_count = 3;
  out->sockets = sockets;
  out->socket_count = 3;
  out->intakes = &intake;
  out->intake_count = 1;
  out->telemetry_kinds = 0xFFFFFFFFu;
  out->tick_ns = 1;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("odd-interests", "Asks for what cannot be."),
                                 .interests = interests,
                                 .on_telemetry = ignore_telemetry,
                                 .on_request = on_request,
                                 .on_packets = on_packets,
                                 .on_tick = on_tick};

const sls_plugin* sls_plugin_v1(void) { return &table; }
