#include "carriers.hpp"

#include "letters.hpp"
#include "sls/codec/base64.hpp"

namespace traces::invocation {

using sls::json::Kind;
using sls::json::Value;

namespace {

std::string_view meaning(const Value& string, Arena& texts) {
  const std::string_view content = string.content();
  if (!string.has(sls::json::kEscaped)) return content;
  char* const place = texts.take(content.size());
  return {place, sls::json::unescape(content, place)};
}

void put_node(Carrier& carrier, std::string_view name, Node value) {
  if (value.is_string() || value.kind() == Kind::kNumber) carrier.put(name, value.words());
}

}  // namespace

const std::string_view* Carrier::find(std::string_view name) const {
  for (auto each = entries_.rbegin(); each != entries_.rend(); ++each)
    if (same_letters(each->first, name)) return &each->second;
  return nullptr;
}

std::string_view Carriers::decoded_base64(std::string_view text) {
  char* const place = texts.take(sls::base64_room(text.size()));
  const std::size_t size = sls::base64_decode(text, place);
  return size == sls::kNotBase64 ? std::string_view() : std::string_view(place, size);
}

void put_texts(Carrier& carrier, Node object) {
  if (!object.is_object()) return;
  for (Node each = object.child(); each.exists(); each = each.next()) put_node(carrier, each.key(), each);
}

void put_first_texts(Carrier& carrier, Node object) {
  if (!object.is_object()) return;
  for (Node each = object.child(); each.exists(); each = each.next()) put_node(carrier, each.key(), each.first());
}

void put_headers(Carrier& carrier, Node event) {
  put_texts(carrier, event["headers"]);
  if (carrier.empty()) put_first_texts(carrier, event["multiValueHeaders"]);
}

bool put_json(Carrier& carrier, std::string_view text, Arena& texts) {
  Value whole;
  if (!sls::json::parse(text, whole) || whole.kind != Kind::kObject) return false;
  sls::json::Cursor cursor(whole.raw);
  cursor.enter_object();
  Value key, value;
  while (cursor.next_member(key) && cursor.take(value)) {
    if (value.is_string()) carrier.put(meaning(key, texts), meaning(value, texts));
    if (value.kind == Kind::kNumber) carrier.put(meaning(key, texts), value.raw);
  }
  return true;
}

}  // namespace traces::invocation
