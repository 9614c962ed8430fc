// As much MessagePack as a tracing library's v0.4 payload needs. Not the agent's codec.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class MsgpackWriter {
 public:
  MsgpackWriter& array(std::uint32_t size) { return lead('\xdd', size, 4); }
  MsgpackWriter& map(std::uint32_t size) { return lead('\xdf', size, 4); }
  MsgpackWriter& number(std::uint64_t value) { return lead('\xcf', value, 8); }
  MsgpackWriter& text(std::string_view value) {
    lead('\xdb', value.size(), 4);
    out_.append(value);
    return *this;
  }
  const std::string& bytes() const { return out_; }

 private:
  MsgpackWriter& lead(char type, std::uint64_t value, int size) {
    out_ += type;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out_ += static_cast<char>(value >> shift & 0xff);
    return *this;
  }
  std::string out_;
};

// A v0.4 payload with one chunk.
struct TraceSketch {
  std::string service = "shop", name = "http.request", resource = "GET /", type = "web";
  std::uint64_t trace_id = 1, span_id = 1, parent_id = 0, start_ns = 0, duration_ns = 0;
  int error = 0;
};
inline std::string v04_payload(const std::vector<TraceSketch>& spans) {
  MsgpackWriter out;
  out.array(1).array(static_cast<std::uint32_t>(spans.size()));
  for (const TraceSketch& span : spans) {
    out.map(12);
    out.text("service").text(span.service).text("name").text(span.name).text("resource").text(span.resource);
    out.text("type").text(span.type).text("trace_id").number(span.trace_id).text("span_id").number(span.span_id);
    out.text("parent_id").number(span.parent_id).text("start").number(span.start_ns);
    out.text("duration").number(span.duration_ns).text("error").number(static_cast<std::uint64_t>(span.error));
    out.text("meta").map(1).text("language").text("lab").text("metrics").map(0);
  }
  return out.bytes();
}

}  // namespace lab
