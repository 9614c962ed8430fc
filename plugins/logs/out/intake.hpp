// Where log payloads go and how they are dressed: the logs intake, an Observability Pipelines Worker, further
// endpoints.
//
// Made once from the options; it opens nothing and holds no key but those that the operator wrote for further
// endpoints. Wire facts: docs.datadoghq.com, Send logs (POST /api/v2/logs); a worker gets its URL as it was written,
// uncompressed. Called by the door.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "finding.hpp"
#include "options.hpp"

namespace logs {

struct Intake {
  struct Endpoint {
    std::string url, api_key;  // empty key: the host's
  };
  std::vector<Endpoint> endpoints;  // the first is the primary
  std::string path;                 // empty: the URLs are complete
  bool compress = true;
  std::int32_t level = 0;
  bool agent_protocol = true;  // says DD-PROTOCOL: agent-json
};

Intake make_intake(const Options& options, Findings& findings);

// " host:443/ " -> "https://host:443"
std::string normalised_url(std::string_view text);

}  // namespace logs
