#include "forward/spool.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "forward/intake.hpp"

namespace agent {
namespace {

constexpr std::string_view kMagic = "SLSPOOL1";
constexpr std::size_t kHeadBytes = 8 + 8 + 4;  // magic, length of what follows, its checksum

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
}

// Numbers as they lie in memory: the file never leaves the machine that wrote it.
class Writer {
 public:
  template <class Number>
  void number(Number value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    out += value;
  }
  std::string out;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class Number>
  Number number() {
    Number value{};
    if (rest_.size() < sizeof value) {
      fine_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view text() {
    const auto size = number<std::uint32_t>();
    if (size > rest_.size()) fine_ = false;
    if (!fine_) return {};
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  // How many of something that takes at least `bytes` each may still be there.
  std::uint32_t count(std::size_t bytes) {
    const auto value = number<std::uint32_t>();
    if (value > rest_.size() / bytes) fine_ = false;
    return fine_ ? value : 0;
  }
  bool fine() const { return fine_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool fine_ = true;
};

void write_body(Writer& out, const Body& body) {
  out.number(body.raw_bytes);
  out.number(body.shape.prefix);
  out.number(body.shape.separator);
  out.number(body.shape.suffix);
  out.number(static_cast<std::uint32_t>(body.shape.parts.size()));
  for (const PartSize& part : body.shape.parts) {
    out.number(part.bytes);
    out.number(part.items);
  }
  out.text(body.bytes);
}

void write_entry(Writer& out, const SpoolEntry& entry) {
  out.text(entry.plugin);
  out.number(entry.intake);
  out.number(entry.endpoint);
  for (const std::string* text : {&entry.origin, &entry.url, &entry.target, &entry.method, &entry.content_type})
    out.text(*text);
  out.number(static_cast<std::uint32_t>(entry.headers.size()));
  for (const auto& [name, value] : entry.headers) {
    out.text(name);
    out.text(value);
  }
  out.number(static_cast<std::uint32_t>(entry.packing.coding));
  out.number(entry.packing.level);
  out.number(entry.packing.compressed_bytes_max);
  out.number(entry.auth);
  out.number(static_cast<std::uint32_t>(entry.maybe_taken));
  out.number(entry.own_failures);
  out.number(to_ns(entry.since));
  write_body(out, *entry.body);
}

std::shared_ptr<const Body> read_body(Reader& in, Coding coding) {
  auto body = std::make_shared<Body>();
  body->raw_bytes = in.number<std::uint32_t>();
  body->shape.prefix = in.number<std::uint32_t>();
  body->shape.separator = in.number<std::uint32_t>();
  body->shape.suffix = in.number<std::uint32_t>();
  const std::uint32_t parts = in.count(2 * sizeof(std::uint32_t));
  std::uint64_t raw = std::uint64_t{body->shape.prefix} + body->shape.suffix;
  if (parts > 1) raw += (parts - 1) * std::uint64_t{body->shape.separator};
  body->shape.parts.reserve(parts);
  for (std::uint32_t i = 0; i < parts; ++i) {
    PartSize part;
    part.bytes = in.number<std::uint32_t>();
    part.items = in.number<std::uint32_t>();
    raw += part.bytes;
    body->shape.parts.push_back(part);
  }
  body->bytes = in.text();
  // Cutting it in halves relies on this.
  const bool whole = raw == body->raw_bytes && raw <= limits::kPayloadBytesMax
                     && (coding != Coding::kNone || body->bytes.size() == raw);
  return in.fine() && whole ? body : nullptr;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
  });
}

bool is_plausible(const SpoolEntry& entry) {
  return is_word(entry.plugin) && entry.plugin.size() <= 64 && is_word(entry.method) && is_word(entry.target)
         && entry.target.front() == '/' && is_header_value(entry.content_type) && entry.packing.coding <= Coding::kGzip
         && entry.auth <= SLS_AUTH_API_AND_APP_KEY && may_be_spooled(entry);
}

// Null body: it is not as it was written.
SpoolEntry read_entry(Reader& in) {
  SpoolEntry entry;
  entry.plugin = in.text();
  entry.intake = in.number<std::uint32_t>();
  entry.endpoint = in.number<std::uint32_t>();
  for (std::string* text : {&entry.origin, &entry.url, &entry.target, &entry.method, &entry.content_type})
    *text = in.text();
  const std::uint32_t headers = in.count(2 * sizeof(std::uint32_t));
  bool fine = true;
  for (std::uint32_t i = 0; i < headers; ++i) {
    const std::string_view name = in.text(), value = in.text();
    fine = fine && is_own_header(name, value, true);
    entry.headers.emplace_back(name, value);
  }
  entry.packing.coding = static_cast<Coding>(in.number<std::uint32_t>());
  entry.packing.level = in.number<int>();
  entry.packing.compressed_bytes_max = in.number<std::uint64_t>();
  entry.auth = in.number<std::uint32_t>();
  entry.maybe_taken = in.number<std::uint32_t>() != 0;
  entry.own_failures = in.number<std::uint32_t>();
  entry.since = from_ns(in.number<std::int64_t>());
  entry.body = read_body(in, entry.packing.coding);
  if (!fine || !in.fine() || !is_plausible(entry)) entry.body.reset();
  return entry;
}

Error refused(std::string_view word) { return {ErrorCode::kInvalid, std::string(word)}; }

}  // namespace

bool may_be_spooled(const SpoolEntry& entry) {
  static constexpr std::string_view kCredentials[] = {"dd-api-key", "dd-application-key", "authorization", "cookie",
                                                      "x-amz-security-token"};
  for (const auto& [name, value] : entry.headers)
    for (const std::string_view credential : kCredentials)
      if (iequals(name, credential)) return false;
  if (lower(entry.target).find("api_key=") != std::string::npos) return false;
  return entry.url.empty()
         || (entry.url.find("{site}") != std::string::npos && entry.url.find('@') == std::string::npos);
}

std::size_t spooled_bytes(const SpoolEntry& entry) {
  std::size_t bytes = 128 + entry.plugin.size() + entry.origin.size() + entry.url.size() + entry.target.size()
                      + entry.method.size() + entry.content_type.size() + entry.body->bytes.size()
                      + entry.body->shape.parts.size() * sizeof(PartSize);
  for (const auto& [name, value] : entry.headers) bytes += 8 + name.size() + value.size();
  return bytes;
}

std::string encode_spool(std::string_view writer, const std::vector<SpoolEntry>& entries) {
  std::size_t bytes = kHeadBytes + 64 + writer.size();
  for (const SpoolEntry& entry : entries) bytes += spooled_bytes(entry);
  Writer out;
  out.out.reserve(bytes);
  out.out.resize(kHeadBytes);
  out.text(writer);
  out.number(static_cast<std::uint32_t>(entries.size()));
  for (const SpoolEntry& entry : entries) write_entry(out, entry);
  const std::string_view content = std::string_view(out.out).substr(kHeadBytes);
  Writer head;
  head.out = kMagic;
  head.number(std::uint64_t{content.size()});
  head.number(checksum(content));
  std::memcpy(out.out.data(), head.out.data(), kHeadBytes);
  return std::move(out.out);
}

Result<std::vector<SpoolEntry>> decode_spool(std::string_view writer, std::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic) return refused("foreign");
  Reader head(bytes.substr(kMagic.size()));
  const auto size = head.number<std::uint64_t>();
  const auto sum = head.number<std::uint32_t>();
  if (!head.fine() || bytes.size() - kHeadBytes < size) return refused("truncated");
  const std::string_view content = bytes.substr(kHeadBytes);
  if (content.size() != size || checksum(content) != sum) return refused("broken");
  Reader in(content);
  if (in.text() != writer) return refused("foreign");
  std::vector<SpoolEntry> entries;
  const std::uint32_t count = in.count(64);
  for (std::uint32_t i = 0; i < count; ++i) {
    entries.push_back(read_entry(in));
    if (!entries.back().body) return refused("broken");
  }
  if (!in.fine() || !in.at_end()) return refused("broken");
  return entries;
}

}  // namespace agent
