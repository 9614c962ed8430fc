#include "out/log_entry.hpp"

#include <algorithm>
#include <charconv>

#include "sls/codec/json_writer.hpp"

namespace logs {

namespace {

constexpr std::string_view kBegin = R"({"message":{"message":")";
constexpr std::string_view kEnd = R"(","ddsource":"lambda"})";
constexpr std::size_t kEscapedBytesPerByte = 6;  // \u0000

std::string_view view(const sls_str& text) {
  return text.len == 0 ? std::string_view() : std::string_view(text.data, text.len);
}

std::string_view status_name(Status status) {
  switch (status) {
    case Status::kTrace: return "trace";
    case Status::kDebug: return "debug";
    case Status::kWarn: return "warn";
    case Status::kError: return "error";
    case Status::kCritical: return "critical";
    case Status::kInfo: break;
  }
  return "info";
}

// The first `bytes` bytes, less a character that would be cut in two.
std::string_view front(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t n = bytes;
  while (n > 0 && bytes - n < 3 && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) --n;
  return text.substr(0, n);
}

// Appends as much of the text as fits escaped into `budget`, in ever smaller strides.
void append_cut(std::string& out, std::string_view text, std::size_t budget) {
  const std::size_t limit = out.size() + budget;
  for (const std::size_t stride : {std::size_t{4096}, std::size_t{64}, std::size_t{4}}) {
    while (!text.empty()) {
      const std::size_t before = out.size();
      const std::string_view piece = front(text, stride);
      sls::json::append_escaped(out, piece);
      if (out.size() > limit) {
        out.resize(before);
        break;
      }
      text.remove_prefix(piece.size());
    }
  }
}

void append_pair(std::string& out, std::string_view key, std::string_view value) {
  out += ",\"";
  out += key;
  out += "\":";
  sls::json::append_quoted(out, front(value, kIdBytesMax));
}

template <class Number>
void append_number(std::string& out, Number number) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_sampling(std::string& out, const Sampling& sampling) {
  out += R"(,"sampling":{"rule":)";
  sls::json::append_quoted(out, front(sampling.rule, kIdBytesMax));
  out += R"(,"rate":)";
  append_number(out, sampling.rate);
  out += R"(,"lines":)";
  append_number(out, sampling.lines);
  out += '}';
}

}  // namespace

void LogEntryWriter::adopt(const sls_sandbox& sandbox) {
  std::string arn, service, tags;
  sls::json::append_escaped(arn, view(sandbox.function_arn));
  sls::json::append_escaped(service, view(sandbox.service));
  for (std::size_t i = 0; i < sandbox.tags.count; ++i) {
    const sls_pair& tag = sandbox.tags.items[i];
    if (view(tag.key) == "_dd.compute_stats") continue;  // for traces only
    if (!tags.empty()) tags += ',';
    sls::json::append_escaped(tags, view(tag.key));
    if (tag.value.len != 0) tags += ':';
    sls::json::append_escaped(tags, view(tag.value));
  }
  has_tags_ = !tags.empty();
  with_id_.clear();
  after_text_ = R"(","lambda":{"arn":")" + arn + R"(","request_id":)";
  after_status_ = R"(},"hostname":")" + arn + R"(","service":")" + service + R"(","ddtags":")" + tags;
}

std::size_t LogEntryWriter::bytes_max(const Line& line) const {
  const std::size_t ids =
      std::min(line.request_id.size(), kIdBytesMax) + std::min(line.execution_id.size(), kIdBytesMax)
      + std::min(line.execution_name.size(), kIdBytesMax) + std::min(line.execution_status.size(), kIdBytesMax)
      + std::min(line.sampling.rule.size(), kIdBytesMax);
  const std::size_t text = std::min(
      (line.text.size() + ids + std::min(line.tags.size(), kLineTagsBytesMax)) * kEscapedBytesPerByte, kEntryBytesMax);
  return text + after_text_.size() + after_status_.size() + 512;
}

void LogEntryWriter::begin_end(std::string_view request_id) {
  if (with_id_.empty() || request_id != request_id_) {
    request_id_ = front(request_id, kIdBytesMax);
    with_id_ = after_text_;
    if (request_id.empty()) {
      with_id_ += "null";
    } else {
      sls::json::append_quoted(with_id_, request_id_);
    }
  }
  end_ = with_id_;
}

bool LogEntryWriter::append(std::string& out, const Line& line) {
  begin_end(line.request_id);
  if (!line.execution_id.empty()) {
    append_pair(end_, "durable_function.execution_id", line.execution_id);
    append_pair(end_, "durable_function.execution_name", line.execution_name);
    if (!line.first_invocation.empty()) {
      end_ += R"(,"durable_function.first_invocation":)";
      end_ += line.first_invocation;
    }
    if (!line.execution_status.empty()) {
      append_pair(end_, "durable_function.execution_status", line.execution_status);
    }
  }
  end_ += R"(},"timestamp":)";
  append_number(end_, line.time_ns / 1'000'000);
  end_ += R"(,"status":")";
  end_ += status_name(line.status);
  end_ += '"';
  if (line.sampling.lines > 0) append_sampling(end_, line.sampling);
  end_ += after_status_;
  bool cut = false;
  if (!line.tags.empty()) {
    std::string_view tags = line.tags;
    if (tags.size() > kLineTagsBytesMax) {
      cut = true;
      tags = tags.substr(0, tags.substr(0, kLineTagsBytesMax).rfind(','));
      if (tags.size() > kLineTagsBytesMax) tags = {};  // no comma: not a list of tags
    }
    if (!tags.empty() && has_tags_) end_ += ',';
    sls::json::append_escaped(end_, tags);
  }
  end_ += kEnd;

  out += kBegin;
  const std::size_t fixed = kBegin.size() + end_.size();
  const std::size_t budget = kEntryBytesMax > fixed ? kEntryBytesMax - fixed : 0;
  const std::size_t text_at = out.size();
  if (line.text.size() <= budget) sls::json::append_escaped(out, line.text);
  if (line.text.size() > budget || out.size() - text_at > budget) {
    cut = true;
    out.resize(text_at);
    append_cut(out, line.text, budget > kTruncatedMarker.size() ? budget - kTruncatedMarker.size() : 0);
    out += kTruncatedMarker;
  }
  out += end_;
  return cut;
}

}  // namespace logs
