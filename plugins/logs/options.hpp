// The options of this plugin: one table, from which the host's readers, the generated reference and these typed fields
// come. Read once, at create; nothing else of the plugin sees an option's text. Used by the door.
#pragma once

#include <cstdint>
#include <string>

#include "sls/options.hpp"

namespace logs {

struct Options {
  bool serverless_logs_enabled, logs_enabled;  // read by the host: a plugin that is off is not created
  sls::Json processing_rules;
  std::string on_unusable_mask;
  std::string logs_dd_url;
  bool use_compression;
  std::int32_t compression_level;  // 0: the host's
  sls::Json additional_endpoints;
  bool worker_enabled;
  std::string worker_url;
  std::uint64_t buffer_bytes;
  std::uint32_t durable_log_buffer_size;
  sls::Json log_sampling;
  bool keep_debug_of_failed_only;
  std::uint32_t keep_debug_slow_ms;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&Options::serverless_logs_enabled>(
            "serverless_logs_enabled", {.fallback = "true",
                                        .yaml = "serverless_logs_enabled",
                                        .env = "DD_SERVERLESS_LOGS_ENABLED",
                                        .about = "Ships the logs of the function; logs_enabled does the same.",
                                        .flags = SLS_OPTION_ENABLES}),
        sls::row<&Options::logs_enabled>("logs_enabled", {.yaml = "logs_enabled",
                                                          .env = "DD_LOGS_ENABLED",
                                                          .about = "The same switch by the ordinary agent's name.",
                                                          .flags = SLS_OPTION_ENABLES}),
        sls::row<&Options::processing_rules>(
            "processing_rules", {.yaml = "logs_config.processing_rules",
                                 .env = "DD_LOGS_CONFIG_PROCESSING_RULES",
                                 .about = "Rules that drop lines or mask parts of them: a list, or its JSON as text.",
                                 .flags = SLS_OPTION_PROTECTS}),
        sls::row<&Options::on_unusable_mask>(
            "on_unusable_mask",
            {.fallback = "withhold",
             .yaml = "logs_config.on_unusable_mask",
             .env = "DD_LOGS_CONFIG_ON_UNUSABLE_MASK",
             .about = "What becomes of lines while a mask rule cannot be applied: withhold (their text), ship, drop."}),
        sls::row<&Options::logs_dd_url>(
            "logs_dd_url", {.yaml = "logs_config.logs_dd_url",
                            .env = "DD_LOGS_CONFIG_LOGS_DD_URL",
                            .about = "Where logs go instead of the intake of the site: a URL, or host:port."}),
        sls::row<&Options::use_compression>("use_compression", {.fallback = "true",
                                                                .yaml = "logs_config.use_compression",
                                                                .env = "DD_LOGS_CONFIG_USE_COMPRESSION",
                                                                .about = "Compresses log payloads (zstd)."}),
        sls::row<&Options::compression_level>(
            "compression_level", {.minimum = "0",
                                  .maximum = "22",
                                  .yaml = "logs_config.compression_level",
                                  .env = "DD_LOGS_CONFIG_COMPRESSION_LEVEL",
                                  .about = "Level of that compression; not set or 0: compression_level of the agent."}),
        sls::row<&Options::additional_endpoints>(
            "additional_endpoints",
            {.yaml = "logs_config.additional_endpoints",
             .env = "DD_LOGS_CONFIG_ADDITIONAL_ENDPOINTS",
             .about = "Further intakes that get a copy: a list of maps with api_key, Host and Port, or its JSON.",
             .flags = SLS_OPTION_SECRET}),
        sls::row<&Options::worker_enabled>(
            "observability_pipelines_worker_enabled",
            {.fallback = "false",
             .yaml = "observability_pipelines_worker.logs.enabled",
             .env = "DD_OBSERVABILITY_PIPELINES_WORKER_LOGS_ENABLED",
             .about = "Sends logs to an Observability Pipelines Worker instead of the intake."}),
        sls::row<&Options::worker_url>("observability_pipelines_worker_url",
                                       {.yaml = "observability_pipelines_worker.logs.url",
                                        .env = "DD_OBSERVABILITY_PIPELINES_WORKER_LOGS_URL",
                                        .about = "That worker's URL, used as it is."}),
        sls::row<&Options::buffer_bytes>(
            "buffer_bytes",
            {.fallback = "33554432",
             .minimum = "1048576",
             .maximum = "1073741824",
             .about = "The most that entries may take while they wait; then the newest lines are dropped, counted."}),
        sls::row<&Options::durable_log_buffer_size>(
            "durable_log_buffer_size",
            {.fallback = "0",
             .minimum = "0",
             .maximum = "10000",
             .yaml = "lambda_durable_function_log_buffer_size",
             .env = "DD_LAMBDA_DURABLE_FUNCTION_LOG_BUFFER_SIZE",
             .about = "Request ids whose lines may wait for their durable execution to become known; 0: none wait."}),
        sls::row<&Options::log_sampling>(
            "log_sampling",
            {.yaml = "logs_config.log_sampling",
             .env = "DD_LOGS_CONFIG_LOG_SAMPLING",
             .about = "Keeps a part of the lines that match: a list of maps with name, pattern and rate."}),
        sls::row<&Options::keep_debug_of_failed_only>(
            "keep_debug_of_failed_only",
            {.fallback = "false",
             .yaml = "logs_config.keep_debug_of_failed_only",
             .env = "DD_LOGS_CONFIG_KEEP_DEBUG_OF_FAILED_ONLY",
             .about =
                 "Holds debug and info lines, and ships them only of invocations that fail, time out or are slow."}),
        sls::row<&Options::keep_debug_slow_ms>(
            "keep_debug_slow_ms", {.fallback = "0",
                                   .maximum = "900000",
                                   .yaml = "logs_config.keep_debug_slow_ms",
                                   .env = "DD_LOGS_CONFIG_KEEP_DEBUG_SLOW_MS",
                                   .about = "From how many milliseconds on an invocation is slow; 0: none is."}));
  }
};

}  // namespace logs
