// The options of the metrics plugin: one table.
//
// Read once, in the constructor; what cannot be used is a sentence for the operator and the default of that option.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sls/options.hpp"

namespace metrics {

struct Options {
  std::uint32_t port;
  std::string bind_host, socket, stream_socket;
  std::uint32_t receive_buffer_bytes, packet_bytes_max, queue_packets;  // the latter two are not used
  std::string intake_url;
  sls::Json additional_endpoints;
  bool series_v2, series_json;
  std::int32_t compression_level;
  std::string name_space;
  std::vector<std::string> namespace_exempt, blocked_names;
  bool blocked_prefixes;
  std::vector<std::string> tags, excluded_base_tags;
  sls::Json mapper_profiles;
  std::uint32_t mapper_cached;
  std::vector<std::string> histogram_aggregates, histogram_percentiles;
  bool histogram_copy;
  std::string histogram_copy_prefix;

  static constexpr auto rows() {
    return sls::rows(
        sls::row<&Options::port>(
            "dogstatsd_port", {.fallback = "8125",
                               .minimum = "0",
                               .maximum = "65535",
                               .yaml = "dogstatsd_port",
                               .env = "DD_DOGSTATSD_PORT",
                               .about = "UDP port on which DogStatsD packets are taken; 0 switches the socket off."}),
        sls::row<&Options::bind_host>("bind_host", {.fallback = "127.0.0.1",
                                                    .yaml = "bind_host",
                                                    .env = "DD_BIND_HOST",
                                                    .about = "Address on which the receivers listen."}),
        sls::row<&Options::socket>("dogstatsd_socket",
                                   {.yaml = "dogstatsd_socket",
                                    .env = "DD_DOGSTATSD_SOCKET",
                                    .about = "Path of a unix datagram socket on which packets are taken, too."}),
        sls::row<&Options::stream_socket>(
            "dogstatsd_stream_socket",
            {.yaml = "dogstatsd_stream_socket",
             .env = "DD_DOGSTATSD_STREAM_SOCKET",
             .about = "Path of a unix stream socket; each packet stands behind its length (32 bits, little-endian)."}),
        sls::row<&Options::receive_buffer_bytes>(
            "dogstatsd_so_rcvbuf", {.fallback = "0",
                                    .yaml = "dogstatsd_so_rcvbuf",
                                    .env = "DD_DOGSTATSD_SO_RCVBUF",
                                    .about = "Bytes of each socket's receive buffer; 0 leaves the system's."}),
        sls::row<&Options::packet_bytes_max>(
            "dogstatsd_buffer_size",
            {.fallback = "8192",
             .yaml = "dogstatsd_buffer_size",
             .env = "DD_DOGSTATSD_BUFFER_SIZE",
             .about = "Taken for the sake of others' configurations, without effect: packets are never cut off."}),
        sls::row<&Options::queue_packets>("dogstatsd_queue_size",
                                          {.fallback = "1024",
                                           .yaml = "dogstatsd_queue_size",
                                           .env = "DD_DOGSTATSD_QUEUE_SIZE",
                                           .about = "Taken for the sake of others' configurations, without effect: "
                                                    "packets wait in the socket's receive buffer alone."}),
        sls::row<&Options::intake_url>("dd_url", {.fallback = "https://api.{site}",
                                                  .yaml = "dd_url|url",
                                                  .env = "DD_DD_URL|DD_URL",
                                                  .about = "Where metrics are shipped to; {site} is the site."}),
        sls::row<&Options::additional_endpoints>(
            "additional_endpoints",
            {.yaml = "additional_endpoints",
             .env = "DD_ADDITIONAL_ENDPOINTS",
             .about = "Further intakes that get a copy of every payload: a map of URL to a list of API keys.",
             .flags = SLS_OPTION_SECRET}),
        sls::row<&Options::series_v2>("use_v2_api_series",
                                      {.fallback = "true",
                                       .yaml = "use_v2_api.series",
                                       .env = "DD_USE_V2_API_SERIES",
                                       .about = "false: series go to /api/v1/series, as JSON of that older form."}),
        sls::row<&Options::series_json>(
            "series_json", {.fallback = "false", .about = "Series go to /api/v2/series as JSON instead of protobuf."}),
        sls::row<&Options::compression_level>("compression_level",
                                              {.fallback = "0",
                                               .minimum = "0",
                                               .maximum = "9",
                                               .yaml = "metrics_config.compression_level",
                                               .env = "DD_METRICS_CONFIG_COMPRESSION_LEVEL",
                                               .about = "zstd level of series and sketches; 0: the agent's."}),
        sls::row<&Options::name_space>("statsd_metric_namespace",
                                       {.yaml = "statsd_metric_namespace",
                                        .env = "DD_STATSD_METRIC_NAMESPACE",
                                        .about = "Put before the name of every metric that comes over DogStatsD."}),
        sls::row<&Options::namespace_exempt>(
            "statsd_metric_namespace_blacklist",
            {.yaml = "statsd_metric_namespace_blacklist",
             .env = "DD_STATSD_METRIC_NAMESPACE_BLACKLIST",
             .about = "Names that begin with one of these get no namespace; empty: those of well-known libraries, as "
                      "jvm, runtime and kafka."}),
        sls::row<&Options::blocked_names>("statsd_metric_blocklist",
                                          {.yaml = "metric_filterlist|statsd_metric_blocklist",
                                           .env = "DD_METRIC_FILTERLIST|DD_STATSD_METRIC_BLOCKLIST",
                                           .about = "Names of DogStatsD metrics that are dropped."}),
        sls::row<&Options::blocked_prefixes>(
            "statsd_metric_blocklist_match_prefix",
            {.fallback = "false",
             .yaml = "metric_filterlist_match_prefix|statsd_metric_blocklist_match_prefix",
             .env = "DD_METRIC_FILTERLIST_MATCH_PREFIX|DD_STATSD_METRIC_BLOCKLIST_MATCH_PREFIX",
             .about = "The names that are dropped are beginnings of names."}),
        sls::row<&Options::tags>("dogstatsd_tags", {.yaml = "dogstatsd_tags",
                                                    .env = "DD_DOGSTATSD_TAGS",
                                                    .about = "Tags on everything that comes over DogStatsD."}),
        sls::row<&Options::mapper_profiles>(
            "dogstatsd_mapper_profiles",
            {.yaml = "dogstatsd_mapper_profiles",
             .env = "DD_DOGSTATSD_MAPPER_PROFILES",
             .about = "Profiles that turn names with variable parts into one name with tags."}),
        sls::row<&Options::mapper_cached>("dogstatsd_mapper_cache_size",
                                          {.fallback = "1000",
                                           .maximum = "100000",
                                           .yaml = "dogstatsd_mapper_cache_size",
                                           .env = "DD_DOGSTATSD_MAPPER_CACHE_SIZE",
                                           .about = "Names whose mapping is remembered."}),
        sls::row<&Options::excluded_base_tags>(
            "lambda_customer_metrics_exclude_tags",
            {.yaml = "lambda_customer_metrics_exclude_tags",
             .env = "DD_LAMBDA_CUSTOMER_METRICS_EXCLUDE_TAGS",
             .about = "Keys of the sandbox's tags that metrics are shipped without."}),
        sls::row<&Options::histogram_aggregates>(
            "histogram_aggregates",
            {.fallback = "max,median,avg,count",
             .yaml = "histogram_aggregates",
             .env = "DD_HISTOGRAM_AGGREGATES",
             .about = "What is shipped of histograms and timings: max, min, median, avg, sum, count."}),
        sls::row<&Options::histogram_percentiles>("histogram_percentiles",
                                                  {.fallback = "0.95",
                                                   .yaml = "histogram_percentiles",
                                                   .env = "DD_HISTOGRAM_PERCENTILES",
                                                   .about = "Percentiles of them, as shares between 0 and 1."}),
        sls::row<&Options::histogram_copy>(
            "histogram_copy_to_distribution",
            {.fallback = "false",
             .yaml = "histogram_copy_to_distribution",
             .env = "DD_HISTOGRAM_COPY_TO_DISTRIBUTION",
             .about = "Each value of a histogram or timing counts for a distribution of the same name, too."}),
        sls::row<&Options::histogram_copy_prefix>("histogram_copy_to_distribution_prefix",
                                                  {.yaml = "histogram_copy_to_distribution_prefix",
                                                   .env = "DD_HISTOGRAM_COPY_TO_DISTRIBUTION_PREFIX",
                                                   .about = "Put before the name of such a distribution."}));
  }
};

// "udp://127.0.0.1:8125"; an IPv6 address gets its brackets.
std::string udp_address(const Options& options);

}  // namespace metrics
