// What the options of invocation spans say to the operator.
#include <algorithm>

#include "driven.hpp"

namespace {

using driven::Plugin;

std::size_t said(const Plugin& plugin, sls::LogLevel level, std::string_view words) {
  return static_cast<std::size_t>(std::count_if(plugin.logs().begin(), plugin.logs().end(), [&](const auto& line) {
    return line.level == level && line.text.find(words) != std::string::npos;
  }));
}

TEST(InvocationOptions, WhatWouldLeaveTheFunctionWithoutEventsIsAnError) {
  const Plugin plugin({.options = {{"runtime_api_proxy", "http://127.0.0.1:9002"}}});
  EXPECT_EQ(said(plugin, sls::LogLevel::error, "runtime_api_proxy"), 1u);
  EXPECT_EQ(said(Plugin(), sls::LogLevel::error, "runtime_api_proxy"), 0u);
}

TEST(InvocationOptions, SecurityThatIsNotHereIsNotPromised) {
  const Plugin plugin({.options = {{"serverless_appsec_enabled", "true"}}});
  EXPECT_EQ(said(plugin, sls::LogLevel::warn, "serverless_appsec_enabled"), 1u);
  EXPECT_EQ(said(Plugin(), sls::LogLevel::warn, "serverless_appsec_enabled"), 0u);
}

TEST(InvocationOptions, AFormatThatNobodyKnowsIsNamed) {
  const Plugin plugin({.options = {{"propagation_style_extract", "datadog,jaeger"}}});
  EXPECT_EQ(said(plugin, sls::LogLevel::warn, "jaeger"), 1u);
}

}  // namespace
