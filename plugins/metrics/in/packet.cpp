#include "in/packet.hpp"

#include "in/number.hpp"
#include "in/utf8.hpp"

namespace metrics {

namespace {

// Cuts the piece before `mark` off; false: there is no mark, and all of it is the piece.
bool cut(std::string_view& rest, char mark, std::string_view& piece) {
  const std::size_t at = rest.find(mark);
  piece = rest.substr(0, at);
  rest.remove_prefix(at == rest.npos ? rest.size() : at + 1);
  return at != rest.npos;
}

bool read_type(std::string_view text, MetricType& out) {
  if (text == "ms") {
    out = MetricType::kTiming;
    return true;
  }
  if (text.size() != 1) return false;
  switch (text[0]) {
    case 'c': out = MetricType::kCount; return true;
    case 'g': out = MetricType::kGauge; return true;
    case 'd': out = MetricType::kDistribution; return true;
    case 'h': out = MetricType::kHistogram; return true;
    case 's': out = MetricType::kSet; return true;
    default: return false;
  }
}

// A field that decides over the line; the others are passed over. A repeated field replaces the earlier one.
bool read_metric_field(std::string_view field, MetricLine& out) {
  if (field.empty()) return true;
  switch (field[0]) {
    case '@': return read_number(field.substr(1), out.rate);
    case '#': out.tags = field.substr(1); return true;
    case 'T': return read_integer(field.substr(1), out.time_s) && out.time_s >= 1;
    default: return true;
  }
}

bool read_length(std::string_view text, std::size_t& out) {
  std::int64_t length = 0;
  if (!read_integer(text, length) || length < 0) return false;
  out = static_cast<std::size_t>(length);
  return true;
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> known) {
  for (const std::string_view each : known)
    if (text == each) return true;
  return false;
}

// A malformed optional field leaves its default.
void read_event_field(std::string_view field, EventLine& out) {
  const std::string_view content = field.size() > 2 ? field.substr(2) : std::string_view();
  if (field.starts_with('#')) {
    out.tags = field.substr(1);
  } else if (field.starts_with("d:")) {
    if (std::int64_t time_s = 0; read_integer(content, time_s) && time_s >= 0) out.time_s = time_s;
  } else if (field.starts_with("h:")) {
    out.host = content;
  } else if (field.starts_with("k:")) {
    out.aggregation_key = content;
  } else if (field.starts_with("s:")) {
    out.source_type = content;
  } else if (field.starts_with("p:")) {
    if (one_of(content, {"normal", "low"})) out.priority = content;
  } else if (field.starts_with("t:")) {
    if (one_of(content, {"error", "warning", "info", "success"})) out.alert_type = content;
  }
}

// _e{TITLE BYTES,TEXT BYTES}:TITLE|TEXT|fields
bool read_event(std::string_view line, EventLine& out) {
  out = {};
  std::string_view header, title_bytes;
  if (!cut(line, ':', header) || !header.starts_with("_e{") || !header.ends_with('}')) return false;
  std::string_view lengths = header.substr(3, header.size() - 4);
  std::size_t title = 0, text = 0;
  if (!cut(lengths, ',', title_bytes) || !read_length(title_bytes, title) || !read_length(lengths, text)) return false;
  if (title == 0 || title >= line.size() || text > line.size() - title - 1) return false;
  out.title = line.substr(0, title);
  out.text = line.substr(title + 1, text);
  line.remove_prefix(title + 1 + text);
  for (std::string_view field; !line.empty();) {
    cut(line, '|', field);
    read_event_field(field, out);
  }
  return true;
}

void read_check_field(std::string_view field, CheckLine& out) {
  if (field.starts_with('#')) {
    out.tags = field.substr(1);
  } else if (field.starts_with("d:")) {
    if (std::int64_t time_s = 0; read_integer(field.substr(2), time_s) && time_s >= 0) out.time_s = time_s;
  } else if (field.starts_with("h:")) {
    out.host = field.substr(2);
  } else if (field.starts_with("m:")) {
    out.message = field.substr(2);
  }
}

// _sc|NAME|STATUS|fields
bool read_check(std::string_view line, CheckLine& out) {
  out = {};
  std::string_view word, status, field;
  if (!cut(line, '|', word) || word != "_sc" || !cut(line, '|', out.name) || out.name.empty()) return false;
  cut(line, '|', status);
  if (status.size() != 1 || status[0] < '0' || status[0] > '3' || !is_utf8(out.name)) return false;
  out.status = static_cast<std::uint8_t>(status[0] - '0');
  while (!line.empty()) {
    cut(line, '|', field);
    read_check_field(field, out);
  }
  return true;
}

}  // namespace

bool PacketReader::read_values(std::string_view values) {
  values_.clear();
  for (std::string_view piece; !values.empty();) {
    cut(values, ':', piece);
    if (piece.empty()) continue;
    double value = 0;
    if (!read_number(piece, value)) return false;
    values_.push_back(value);
  }
  metric_.values = values_;
  return !values_.empty();
}

bool PacketReader::read_metric(std::string_view line) {
  metric_ = {};
  std::string_view head, type, field;
  if (!cut(line, '|', head) || !cut(head, ':', metric_.name)) return false;
  if (metric_.name.empty() || head.empty() || !is_utf8(metric_.name)) return false;
  cut(line, '|', type);
  if (!read_type(type, metric_.type)) return false;
  if (metric_.type == MetricType::kSet) {
    metric_.member = head;
  } else if (!read_values(head)) {
    return false;
  }
  while (!line.empty()) {
    cut(line, '|', field);
    if (!read_metric_field(field, metric_)) return false;
  }
  return true;
}

LineKind PacketReader::next() {
  std::string_view line;
  while (line.empty()) {
    if (rest_.empty()) return LineKind::kEnd;
    cut(rest_, '\n', line);
    if (line.ends_with('\r')) line.remove_suffix(1);
  }
  if (line.starts_with("_e{")) return read_event(line, event_) ? LineKind::kEvent : LineKind::kBad;
  if (line.starts_with("_sc")) return read_check(line, check_) ? LineKind::kCheck : LineKind::kBad;
  return read_metric(line) ? LineKind::kMetric : LineKind::kBad;
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool newline = text[i] == '\\' && i + 1 < text.size() && text[i + 1] == 'n';
    out.push_back(newline ? '\n' : text[i]);
    i += newline ? 1 : 0;
  }
  return out;
}

}  // namespace metrics
