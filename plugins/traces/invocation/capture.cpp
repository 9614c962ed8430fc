#include "capture.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "letters.hpp"
#include "sls/codec/json.hpp"
#include "sls/codec/json_writer.hpp"

namespace traces::invocation {
namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

constexpr std::array<std::string_view, 8> kSecrets = {"password",      "passwd",          "pwd",    "secret", "token",
                                                      "authorization", "x-authorization", "api_key"};
constexpr std::string_view kRedacted = "redacted";

bool is_secret(std::string_view name) {
  return std::any_of(kSecrets.begin(), kSecrets.end(),
                     [name](std::string_view each) { return same_letters(each, name); });
}

// The first characters of a text, whole ones.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && seen++ == count) return text.substr(0, i);
  return text;
}

// The JSON of a value with its secrets redacted.
void write_redacted(const Value& value, sls::json::Writer& out) {
  Cursor cursor(value.raw);
  if (value.kind == Kind::kObject) {
    out.begin_object();
    Value key, member;
    std::string spare;
    for (bool more = cursor.enter_object() && cursor.next_member(key); more; more = cursor.next_member(key)) {
      const std::string name(sls::json::text_of(key, spare));
      if (!cursor.take(member)) break;
      out.key(name);
      if (is_secret(name))
        out.string(kRedacted);
      else
        write_redacted(member, out);
    }
    out.end_object();
  } else if (value.kind == Kind::kArray) {
    out.begin_array();
    Value element;
    for (bool more = cursor.enter_array() && cursor.next_element(); more; more = cursor.next_element()) {
      if (!cursor.take(element)) break;
      write_redacted(element, out);
    }
    out.end_array();
  } else {
    out.raw(value.raw);
  }
}

class Capture {
 public:
  Capture(unsigned depth_max, OwnTexts& out) : depth_max_(depth_max), out_(out) {}

  // `name`: the last part of the key.
  void visit(const std::string& key, std::string_view name, const Value& value, unsigned depth) {
    ++nodes_;
    if (is_full() || key.size() > kCapturedKeyBytesMax) return;
    if (is_secret(name)) return add(key, kRedacted);
    if (value.kind == Kind::kNull) return add(key, "null");
    if (depth >= depth_max_) return add_json(key, value);
    switch (value.kind) {
      case Kind::kObject: return visit_object(key, value, depth);
      case Kind::kArray: return visit_array(key, value, depth);
      case Kind::kString: return visit_text(key, name, value, depth);
      default: return add(key, value.raw);
    }
  }

 private:
  void visit_object(const std::string& key, const Value& value, unsigned depth) {
    Cursor cursor(value.raw);
    Value member_key, member;
    std::string spare;
    for (bool more = cursor.enter_object() && cursor.next_member(member_key); more && !is_full();
         more = cursor.next_member(member_key)) {
      const std::string name(sls::json::text_of(member_key, spare));
      if (!cursor.take(member)) return;
      if (key.size() + name.size() >= kCapturedKeyBytesMax) continue;
      visit(std::string(key).append(".").append(name), after_last(name, '.'), member, depth + 1);
    }
  }
  void visit_array(const std::string& key, const Value& value, unsigned depth) {
    Cursor cursor(value.raw);
    Value element;
    std::size_t index = 0;
    for (bool more = cursor.enter_array() && cursor.next_element(); more && !is_full(); more = cursor.next_element()) {
      if (!cursor.take(element)) return;
      visit(key + "." + std::to_string(index++), {}, element, depth + 1);
    }
    if (index == 0) add(key, "[]");
  }
  // A text that is JSON itself counts as that.
  void visit_text(const std::string& key, std::string_view name, const Value& value, unsigned depth) {
    std::string spare;
    const std::string text(sls::json::text_of(value, spare));
    Value inner;
    if (sls::json::parse(text, inner)) return visit(key, name, inner, depth + 1);
    add(key, text);
  }
  void add_json(const std::string& key, const Value& value) {
    std::string text;
    sls::json::Writer writer(text);
    write_redacted(value, writer);
    add(key, text);
  }
  void add(const std::string& key, std::string_view text) {
    std::string name, value;
    sls::json::append_repaired_utf8(name, key);
    // Bytes that are no text count as a character each only when they are mended.
    sls::json::append_repaired_utf8(
        value, first_characters(text.substr(0, 4 * kCapturedCharactersMax + 4), kCapturedCharactersMax));
    value.resize(first_characters(value, kCapturedCharactersMax).size());
    bytes_ += name.size() + value.size();
    if (!is_full()) out_.emplace_back(std::move(name), std::move(value)), ++tags_;
  }
  bool is_full() const { return tags_ >= kCapturedTagsMax || bytes_ > kCapturedBytesMax || nodes_ > kCapturedNodesMax; }

  unsigned depth_max_;
  OwnTexts& out_;
  std::size_t tags_ = 0, bytes_ = 0, nodes_ = 0;
};

}  // namespace

void capture(std::string_view root, std::string_view payload, unsigned depth_max, OwnTexts& out) {
  Value value;
  if (!sls::json::parse(payload, value)) return;
  Capture(std::min(depth_max, kCaptureDepthMax), out).visit(std::string(root), {}, value, 0);
}

}  // namespace traces::invocation
