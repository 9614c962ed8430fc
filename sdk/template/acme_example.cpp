#include "acme_example.hpp"

SLS_PLUGIN_WITH(AcmeExample, {.id = "acme-example",
                              .version = "0.1.0",
                              .about = "Counts lines of the function that contain a text.",
                              .options = sls::option_table<AcmeExample::Options>()});
