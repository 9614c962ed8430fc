// JSON, written: appends to the caller's string, commas set by itself.
//
// Keeps no stack and checks no nesting: who opens closes, and who writes a key writes its value. Called by
// plugins for their payloads and by the host for what it tells. The result is compact, and UTF-8 whatever
// came in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sls::json {

// `text` as it stands between quotes in JSON: " \ and control characters escaped, / not, UTF-8 as it is, what
// is not UTF-8 as U+FFFD.
void append_escaped(std::string& out, std::string_view text);
// The same within quotes.
void append_quoted(std::string& out, std::string_view text);

class Writer {
 public:
  // `out` is appended to and outlives the writer.
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }

  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& integer(std::int64_t number);
  Writer& integer(std::uint64_t number);
  Writer& number(double number);  // the shortest text that reads back as the same double; not finite: null
  Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
  Writer& null() { return raw("null"); }
  // A complete JSON value, as it is.
  Writer& raw(std::string_view json);

 private:
  void separate() {
    if (comma_) out_.push_back(',');
    comma_ = true;
  }
  Writer& open(char bracket) {
    separate();
    out_.push_back(bracket);
    comma_ = false;
    return *this;
  }
  Writer& close(char bracket) {
    out_.push_back(bracket);
    comma_ = true;
    return *this;
  }

  std::string& out_;
  bool comma_ = false;
};

}  // namespace sls::json
