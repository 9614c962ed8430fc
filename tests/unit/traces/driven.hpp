// The traces plugin, driven without a host, and what it hands out, decoded by generated code.
#pragma once

#include <gtest/gtest.h>

#include "bodies.hpp"
#include "sls/testing.hpp"
#include "traces.pb.h"

namespace driven {

using sls::testing::HandedOut;

struct Plugin : sls::testing::TableDriver {
  explicit Plugin(sls::testing::Setup setup = {}) : TableDriver(*sls_plugin_v1(), std::move(setup)) {}
  // As MessagePack, unless the headers say otherwise.
  sls::testing::Answer post(const std::string& body, sls::testing::Strings headers = {},
                            std::string_view path = "/v0.4/traces") {
    if (sls::testing::find(headers, "Content-Type").empty())
      headers.emplace_back("Content-Type", "application/msgpack");
    return request("POST", path, body, headers);
  }
};

inline lab::wire::AgentPayload decode(const std::vector<HandedOut>& payloads) {
  lab::wire::AgentPayload out;
  for (const HandedOut& payload : payloads) EXPECT_TRUE(out.MergeFromString(payload.body));
  return out;
}

}  // namespace driven
