// What an intake request held, decoded: plain values, one struct per kind. Made by decode.cpp, kept by the intake.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lab/http.hpp"
#include "lab/json.hpp"

namespace lab {

struct LogEntry {
  std::string message, status, service, hostname, source, tags, arn;
  std::string request_id;  // empty: null or absent
  std::int64_t timestamp_ms = 0;
  json::value whole;
};

struct MetricPoint {
  std::string name, kind;  // kind: count, rate, gauge, unspecified
  std::vector<std::string> tags;
  std::int64_t timestamp = 0;
  double value = 0;
};

struct SketchPoint {
  std::string name;
  std::vector<std::string> tags;
  std::int64_t timestamp = 0, count = 0;
  double min = 0, max = 0, avg = 0, sum = 0;
  std::vector<std::int32_t> keys;
  std::vector<std::uint32_t> counts;
};

struct Event {
  std::string title, text, source, host, priority, alert_type, aggregation_key;
  std::vector<std::string> tags;
  std::int64_t timestamp = 0;
};

struct ServiceCheck {
  std::string name, host, message;
  std::vector<std::string> tags;
  std::int64_t timestamp = 0;
  int status = -1;
};

struct Span {
  std::string service, name, resource, type, origin, env;
  std::uint64_t trace_id = 0, span_id = 0, parent_id = 0;
  std::int64_t start_ns = 0, duration_ns = 0;
  std::int32_t error = 0, priority = 0;
  std::map<std::string, std::string> meta;
  std::map<std::string, double> metrics;
  std::map<std::string, std::string> payload_tags;  // of the tracer payload and the agent payload
};

// One request at the intake.
struct Received {
  std::string path, encoding, content_type, api_key;
  Headers headers;
  std::size_t wire_bytes = 0, body_bytes = 0;
  int status = 0;         // what was answered; 0: nothing
  bool accepted = false;  // 2xx was meant to reach the sender
  std::string broken;     // why the body could not be decoded
  std::vector<LogEntry> logs;
  std::vector<MetricPoint> series;
  std::vector<SketchPoint> sketches;
  std::vector<Event> events;
  std::vector<ServiceCheck> checks;
  std::vector<Span> spans;
  json::value stats;  // of /api/v0.2/stats: the MessagePack body
};

}  // namespace lab
