/* No id at all; its data pointer is NULL. */
#include "faultless.h"

static const sls_plugin table = {
    .size = sizeof(sls_plugin), .version = TEXT("1.0.0"), .create = create, .destroy = destroy};

const sls_plugin* sls_plugin_v1(void) { return &table; }
