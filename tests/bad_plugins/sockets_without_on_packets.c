/* Asks for a socket and has no slot that takes packets. */
#include "faultless.h"

static sls_status interests(void* self, sls_interests* out) {
  static const sls_socket socket = {sizeof(sls_socket), SLS_DATAGRAM, TEXT("udp://127.0.0.1:0"), 0, 8192};
  (void)self;
  out->sockets = &socket;
  out->socket_count = 1;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("sockets-without-on-packets", "Asks, but does not listen."),
                                 .interests = interests};

const sls_plugin* sls_plugin_v1(void) { return &table; }
