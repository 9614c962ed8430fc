// The options of invocation spans: one table, read beside that of the plugin. Names are the official extension's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "executions.hpp"
#include "sls/options.hpp"

namespace traces::invocation {

struct InvocationOptions {
  std::vector<std::string> style, style_extract;
  bool extract_first, opentracing_baggage;
  std::string service_mapping;
  bool capture_payloads;
  std::uint32_t capture_depth_max;
  bool cut_off_spans, all_trigger_kinds;
  std::string runtime_api_proxy;  // wanted by somebody, and not here
  bool appsec;                    // the same

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&InvocationOptions::style>(
            "propagation_style",
            {.fallback = "datadog,tracecontext",
             .yaml = "trace_propagation_style",
             .env = "DD_TRACE_PROPAGATION_STYLE",
             .about = "Formats in which a caller's trace is recognised, in this order: datadog, tracecontext, b3multi, "
                      "b3; none for none."}),
        sls::row<&InvocationOptions::style_extract>("propagation_style_extract",
                                                    {.yaml = "trace_propagation_style_extract",
                                                     .env = "DD_TRACE_PROPAGATION_STYLE_EXTRACT",
                                                     .about = "The same, instead of propagation_style."}),
        sls::row<&InvocationOptions::extract_first>("propagation_extract_first",
                                                    {.fallback = "false",
                                                     .yaml = "trace_propagation_extract_first",
                                                     .env = "DD_TRACE_PROPAGATION_EXTRACT_FIRST",
                                                     .about = "Whether only the first of these formats counts."}),
        sls::row<&InvocationOptions::opentracing_baggage>("propagation_http_baggage_enabled",
                                                          {.fallback = "false",
                                                           .yaml = "trace_propagation_http_baggage_enabled",
                                                           .env = "DD_TRACE_PROPAGATION_HTTP_BAGGAGE_ENABLED",
                                                           .about = "Whether ot-baggage-* headers become tags."}),
        sls::row<&InvocationOptions::service_mapping>(
            "service_mapping",
            {.yaml = "service_mapping",
             .env = "DD_SERVICE_MAPPING",
             .about = "Services of inferred spans, as NAME:SERVICE,…; NAME is that of a queue, topic, bucket, or of a "
                      "kind such as lambda_sqs."}),
        sls::row<&InvocationOptions::capture_payloads>(
            "capture_lambda_payload", {.fallback = "false",
                                       .yaml = "capture_lambda_payload",
                                       .env = "DD_CAPTURE_LAMBDA_PAYLOAD",
                                       .about = "Whether event and response become tags of aws.lambda; secrets are "
                                                "redacted by their names."}),
        sls::row<&InvocationOptions::capture_depth_max>("capture_lambda_payload_max_depth",
                                                        {.fallback = "10",
                                                         .minimum = "0",
                                                         .maximum = "64",
                                                         .yaml = "capture_lambda_payload_max_depth",
                                                         .env = "DD_CAPTURE_LAMBDA_PAYLOAD_MAX_DEPTH",
                                                         .about = "Depth below which a captured payload stays JSON."}),
        sls::row<&InvocationOptions::cut_off_spans>(
            "cut_off_invocation_spans",
            {.fallback = "true",
             .about = "Whether an invocation that timed out, crashed or ran out of memory gets its aws.lambda span."}),
        sls::row<&InvocationOptions::all_trigger_kinds>(
            "all_trigger_kinds",
            {.fallback = "false", .about = "Whether triggers are named too that other agents do not name."}),
        sls::row<&InvocationOptions::runtime_api_proxy>(
            "runtime_api_proxy",
            {.env = "AWS_LWA_LAMBDA_RUNTIME_API_PROXY",
             .about = "Must be unset: this agent does not stand between the runtime and its API."}),
        sls::row<&InvocationOptions::appsec>("serverless_appsec_enabled",
                                             {.fallback = "false",
                                              .yaml = "serverless_appsec_enabled",
                                              .env = "DD_SERVERLESS_APPSEC_ENABLED",
                                              .about = "Has no effect but a warning: requests are not inspected."}));
  }
};

// What is set and not here, as sentences: what breaks the function, and what is merely missing.
std::vector<std::string> what_breaks(const InvocationOptions& options, const sls::Sandbox& sandbox);

// What cannot be used is appended to `findings`.
ExecutionSettings settings_of(const InvocationOptions& options, const sls::Sandbox& sandbox,
                              std::vector<std::string>& findings);

}  // namespace traces::invocation
