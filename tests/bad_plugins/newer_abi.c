/* Needs a minor version of the contract that no host has yet. */
#include "faultless.h"

static const sls_plugin table = {.abi_minor_needed = 1000, FAULTLESS("newer-abi", "From the future.")};

const sls_plugin* sls_plugin_v1(void) { return &table; }
