#include "lab/evidence.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>

#include "lab/socket.hpp"

namespace lab {
namespace {

std::string lower(std::string text) {
  for (char& byte : text) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  return text;
}

std::string number(double value) {
  char out[40];
  std::snprintf(out, sizeof out, "%.10g", value);
  return out;
}

void add_tags(Record& to, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) to.fields.emplace_back("tag", tag);
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size() && !text.empty();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

void add_headers(Record& to, const Headers& headers) {
  for (const auto& [name, value] : headers) to.fields.emplace_back("header." + lower(name), value);
}

template <class Each>
std::vector<Record> from_accepted(const std::deque<Received>& received, Each each) {
  std::vector<Record> out;
  for (const Received& request : received)
    if (request.accepted) each(request, out);
  return out;
}

bool says_how_many(const std::string& name) {
  return name == "count" || name == "min" || name == "max" || name == "within";
}

bool fits(const Record& record, const Word& word, const RE2* expression) {
  const bool none = word.name == "request_id" && word.value == "none" && word.sign == '=';
  return std::any_of(record.fields.begin(), record.fields.end(), [&](const auto& field) {
    if (field.first != word.name) return false;
    if (none) return field.second.empty();
    return expression ? RE2::PartialMatch(field.second, *expression) : field.second == word.value;
  });
}

}  // namespace

std::string Record::text() const {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (out.size() > 400) return out + " …";
    if (name != "tag") out += (out.empty() ? "" : " ") + name + "=\"" + value.substr(0, 120) + "\"";
  }
  return out;
}

std::vector<Record> log_records(const std::deque<Received>& received) {
  return from_accepted(received, [](const Received& request, std::vector<Record>& out) {
    for (const LogEntry& entry : request.logs) {
      out.push_back({{{"message", entry.message},
                      {"request_id", entry.request_id},
                      {"status", entry.status},
                      {"service", entry.service},
                      {"hostname", entry.hostname},
                      {"source", entry.source},
                      {"arn", entry.arn},
                      {"timestamp", std::to_string(entry.timestamp_ms)}}});
      add_tags(out.back(), split(entry.tags, ','));
    }
  });
}

std::vector<Record> series_records(const std::deque<Received>& received) {
  return from_accepted(received, [](const Received& request, std::vector<Record>& out) {
    for (const MetricPoint& point : request.series) {
      out.push_back({{{"name", point.name},
                      {"kind", point.kind},
                      {"value", number(point.value)},
                      {"timestamp", std::to_string(point.timestamp)}}});
      add_tags(out.back(), point.tags);
    }
  });
}

std::vector<Record> sketch_records(const std::deque<Received>& received) {
  return from_accepted(received, [](const Received& request, std::vector<Record>& out) {
    for (const SketchPoint& sketch : request.sketches) {
      out.push_back({{{"name", sketch.name},
                      {"n", std::to_string(sketch.count)},
                      {"minimum", number(sketch.min)},
                      {"maximum", number(sketch.max)},
                      {"sum", number(sketch.sum)},
                      {"avg", number(sketch.avg)}}});
      add_tags(out.back(), sketch.tags);
    }
  });
}

std::vector<Record> span_records(const std::deque<Received>& received) {
  return from_accepted(received, [](const Received& request, std::vector<Record>& out) {
    for (const Span& span : request.spans) {
      out.push_back({{{"name", span.name},
                      {"service", span.service},
                      {"resource", span.resource},
                      {"type", span.type},
                      {"trace_id", std::to_string(span.trace_id)},
                      {"span_id", std::to_string(span.span_id)},
                      {"parent_id", std::to_string(span.parent_id)},
                      {"error", std::to_string(span.error)},
                      {"priority", std::to_string(span.priority)},
                      {"origin", span.origin},
                      {"env", span.env}}});
      auto& fields = out.back().fields;
      for (const auto& [key, value] : span.meta) fields.emplace_back("meta." + key, value);
      for (const auto& [key, value] : span.metrics) fields.emplace_back("metrics." + key, number(value));
      for (const auto& [key, value] : span.payload_tags) fields.emplace_back("tag", key + ":" + value);
    }
  });
}

std::vector<Record> request_records(const std::deque<Received>& received) {
  std::vector<Record> out;
  for (const Received& request : received) {
    out.push_back({{{"path", request.path},
                    {"status", std::to_string(request.status)},
                    {"accepted", request.accepted ? "yes" : "no"},
                    {"encoding", request.encoding},
                    {"content_type", request.content_type},
                    {"api_key", request.api_key},
                    {"broken", request.broken},
                    {"wire_bytes", std::to_string(request.wire_bytes)}}});
    add_headers(out.back(), request.headers);
  }
  return out;
}

std::vector<Record> call_records(const std::vector<ExtensionsApi::Call>& calls) {
  std::vector<Record> out;
  for (const ExtensionsApi::Call& call : calls) {
    out.push_back({{{"path", call.path}, {"status", std::to_string(call.status)}, {"body", call.body}}});
    add_headers(out.back(), call.headers);
  }
  return out;
}

std::vector<Record> line_records(const std::vector<std::string>& lines) {
  std::vector<Record> out;
  for (const std::string& line : lines) out.push_back({{{"text", line}}});
  return out;
}

std::vector<Record> ledger_records(const std::vector<LedgerRow>& rows) {
  std::vector<Record> out;
  for (const LedgerRow& row : rows) {
    out.push_back({{{"plugin", row.plugin},
                    {"received", std::to_string(row.received)},
                    {"delivered", std::to_string(row.delivered)},
                    {"dropped", std::to_string(row.dropped_total())},
                    {"pending", std::to_string(row.pending)},
                    {"balanced", row.balances() ? "yes" : "no"}}});
    for (const auto& [reason, count] : row.dropped)
      out.back().fields.emplace_back("dropped." + reason, std::to_string(count));
  }
  return out;
}

bool fits(const Record& record, const std::vector<Word>& words) {
  for (const Word& word : words) {
    if (word.sign == 0 || says_how_many(word.name)) continue;
    if (word.sign == '=') {
      if (!fits(record, word, nullptr)) return false;
      continue;
    }
    const RE2 expression(word.value, RE2::Quiet);
    if (!expression.ok()) throw LabError("no regular expression: " + word.value);
    if (!fits(record, word, &expression)) return false;
  }
  return true;
}

}  // namespace lab
