/* Asks for a route and has no slot that takes requests. */
#include "faultless.h"

static sls_status interests(void* self, sls_interests* out) {
  static const sls_route route = {sizeof(sls_route), 0, TEXT("127.0.0.1:0"), TEXT("POST"), TEXT("/nowhere"), 0};
  (void)self;
  out->routes = &route;
  out->route_count = 1;
  return SLS_OK;
}
static const sls_plugin table = {FAULTLESS("routes-without-on-request", "Asks, but does not listen."),
                                 .interests = interests};

const sls_plugin* sls_plugin_v1(void) { return &table; }
