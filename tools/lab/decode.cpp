#include "lab/decode.hpp"

#include "metrics.pb.h"
#include "traces.pb.h"

namespace lab {
namespace {

json::value parsed(const std::string& body) {
  json::error_code error;
  json::value out = json::parse(body, error);
  if (error) throw LabError("no JSON: " + error.message());
  return out;
}

std::vector<std::string> texts(const json::value* array) {
  std::vector<std::string> out;
  if (array && array->is_array())
    for (const json::value& one : array->get_array()) out.push_back(text_of(&one));
  return out;
}

// The lambda attributes stand in an inner "message" object (spec of the intake entry), a plain entry has a text there.
LogEntry log_entry(const json::value& whole) {
  LogEntry entry;
  entry.whole = whole;
  entry.service = text_at(whole, "/service");
  entry.hostname = text_at(whole, "/hostname");
  entry.source = text_at(whole, "/ddsource");
  entry.tags = text_at(whole, "/ddtags");
  const json::value* inner = find(whole, "/message");
  if (!inner) throw LabError("a log entry without message");
  const json::value& from = inner->is_object() ? *inner : whole;
  entry.message = text_at(from, "/message");
  entry.status = text_at(from, "/status");
  entry.arn = text_at(from, "/lambda/arn");
  entry.request_id = text_at(from, "/lambda/request_id");
  const json::value* time = find(from, "/timestamp");
  if (time && time->is_number()) entry.timestamp_ms = static_cast<std::int64_t>(number_of(time));
  return entry;
}

void read_logs(const std::string& body, Received& to) {
  const json::value all = parsed(body);
  if (!all.is_array()) throw LabError("logs: the body is no array");
  for (const json::value& one : all.get_array()) to.logs.push_back(log_entry(one));
}

// {"apiKey":"","events":{SOURCE:[{…}]}}
void read_events(const std::string& body, Received& to) {
  const json::value all = parsed(body);
  const json::value* sources = find(all, "/events");
  if (!sources || !sources->is_object()) throw LabError("events: no object \"events\"");
  for (const auto& [source, list] : sources->get_object())
    for (const json::value& one : list.as_array())
      to.events.push_back({text_at(one, "/msg_title"), text_at(one, "/msg_text"), std::string(source),
                           text_at(one, "/host"), text_at(one, "/priority"), text_at(one, "/alert_type"),
                           text_at(one, "/aggregation_key"), texts(find(one, "/tags")),
                           static_cast<std::int64_t>(number_at(one, "/timestamp"))});
}

void read_checks(const std::string& body, Received& to) {
  const json::value all = parsed(body);
  if (!all.is_array()) throw LabError("service checks: the body is no array");
  for (const json::value& one : all.get_array())
    to.checks.push_back({text_at(one, "/check"), text_at(one, "/host_name"), text_at(one, "/message"),
                         texts(find(one, "/tags")), static_cast<std::int64_t>(number_at(one, "/timestamp")),
                         static_cast<int>(number_at(one, "/status"))});
}

// The public v2 API: 0 unspecified, 1 count, 2 rate, 3 gauge.
std::string kind_of(std::int64_t type) {
  static const char* const names[] = {"unspecified", "count", "rate", "gauge"};
  return type >= 0 && type < 4 ? names[type] : "type " + std::to_string(type);
}

void read_series_json(const std::string& body, Received& to) {
  const json::value all = parsed(body);
  const json::value* series = find(all, "/series");
  if (!series || !series->is_array()) throw LabError("series: no array \"series\"");
  for (const json::value& one : series->get_array())
    if (const json::value* points = find(one, "/points"); points && points->is_array())
      for (const json::value& point : points->get_array())
        to.series.push_back({text_at(one, "/metric"), kind_of(static_cast<std::int64_t>(number_at(one, "/type"))),
                             texts(find(one, "/tags")), static_cast<std::int64_t>(number_at(point, "/timestamp")),
                             number_at(point, "/value")});
}

void read_series_protobuf(const std::string& body, Received& to) {
  wire::MetricPayload payload;
  if (!payload.ParseFromString(body)) throw LabError("series: no protobuf");
  for (const wire::MetricSeries& one : payload.series())
    for (const wire::MetricPoint& point : one.points())
      to.series.push_back({one.metric(),
                           kind_of(one.type()),
                           {one.tags().begin(), one.tags().end()},
                           point.timestamp(),
                           point.value()});
}

void read_sketches(const std::string& body, Received& to) {
  wire::SketchPayload payload;
  if (!payload.ParseFromString(body)) throw LabError("sketches: no protobuf");
  for (const wire::Sketch& one : payload.sketches())
    for (const wire::Dogsketch& dog : one.dogsketches())
      to.sketches.push_back({one.metric(),
                             {one.tags().begin(), one.tags().end()},
                             dog.ts(),
                             dog.cnt(),
                             dog.min(),
                             dog.max(),
                             dog.avg(),
                             dog.sum(),
                             {dog.k().begin(), dog.k().end()},
                             {dog.n().begin(), dog.n().end()}});
}

Span span_of(const wire::Span& from) {
  Span span;
  span.service = from.service();
  span.name = from.name();
  span.resource = from.resource();
  span.type = from.type();
  span.trace_id = from.trace_id();
  span.span_id = from.span_id();
  span.parent_id = from.parent_id();
  span.start_ns = from.start();
  span.duration_ns = from.duration();
  span.error = from.error();
  span.meta.insert(from.meta().begin(), from.meta().end());
  span.metrics.insert(from.metrics().begin(), from.metrics().end());
  return span;
}

void read_traces(const std::string& body, Received& to) {
  wire::AgentPayload payload;
  if (!payload.ParseFromString(body)) throw LabError("traces: no protobuf");
  for (const wire::TracerPayload& tracer : payload.tracer_payloads())
    for (const wire::TraceChunk& chunk : tracer.chunks())
      for (const wire::Span& one : chunk.spans()) {
        Span span = span_of(one);
        span.priority = chunk.priority();
        span.origin = chunk.origin();
        span.env = tracer.env().empty() ? payload.env() : tracer.env();
        span.payload_tags.insert(tracer.tags().begin(), tracer.tags().end());
        span.payload_tags.insert(payload.tags().begin(), payload.tags().end());
        to.spans.push_back(std::move(span));
      }
}

void read_body(const std::string& body, Received& to) {
  if (to.path == "/api/v2/logs") return read_logs(body, to);
  if (to.path == "/api/v2/series")
    return to.content_type.find("json") != std::string::npos ? read_series_json(body, to)
                                                             : read_series_protobuf(body, to);
  if (to.path == "/api/beta/sketches") return read_sketches(body, to);
  if (to.path == "/intake/") return read_events(body, to);
  if (to.path == "/api/v1/check_run") return read_checks(body, to);
  if (to.path == "/api/v0.2/traces") return read_traces(body, to);
  if (to.path == "/api/v0.2/stats") to.stats = from_msgpack(body);
}

}  // namespace

Received decode(const HttpRequest& request, bool shallow) {
  Received to;
  to.path = request.path;
  to.headers = request.headers;
  to.encoding = request.header("content-encoding");
  to.content_type = request.header("content-type");
  to.api_key = request.header("dd-api-key");
  to.wire_bytes = to.body_bytes = request.body.size();
  if (shallow) return to;
  try {
    const std::string body = inflated(request.body, to.encoding);
    to.body_bytes = body.size();
    read_body(body, to);
  } catch (const std::exception& error) {
    to.broken = error.what();
  }
  return to;
}

}  // namespace lab
