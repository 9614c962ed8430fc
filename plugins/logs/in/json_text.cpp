#include "in/json_text.hpp"

#include <array>

#include "sls/codec/json.hpp"

namespace logs {

namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

struct Found {
  Value ddtags, message, level, status;
};

// False: the text is no complete JSON object.
bool find_members(std::string_view text, Found& found) {
  Cursor cursor(text);
  if (cursor.kind() != Kind::kObject || !cursor.enter_object()) return false;
  Value key, value;
  while (cursor.next_member(key)) {
    if (!cursor.take(value)) return false;
    if (key.equals("ddtags")) found.ddtags = value;
    if (key.equals("message")) found.message = value;
    if (key.equals("level")) found.level = value;
    if (key.equals("status")) found.status = value;
  }
  return !cursor.failed() && cursor.at_end();
}

struct Level {
  std::string_view name;
  Status status;
};
constexpr std::array kLevels = {
    Level{"info", Status::kInfo},         Level{"information", Status::kInfo}, Level{"debug", Status::kDebug},
    Level{"trace", Status::kTrace},       Level{"warn", Status::kWarn},        Level{"warning", Status::kWarn},
    Level{"error", Status::kError},       Level{"err", Status::kError},        Level{"fatal", Status::kCritical},
    Level{"critical", Status::kCritical},
};

bool same_letters(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

// An unusable `level` hides a usable `status`: the function has spoken.
void read_status(const Found& found, std::string& spare, Status& out) {
  const Value& value = found.level.kind != Kind::kNone ? found.level : found.status;
  if (!value.is_string()) return;
  const std::string_view text = sls::json::text_of(value, spare);
  for (const Level& level : kLevels) {
    if (same_letters(text, level.name)) out = level.status;
  }
}

// The compact object without its members `ddtags`.
void write_without_tags(std::string_view object, std::string& out) {
  out.resize(object.size());
  char* at = out.data();
  Cursor cursor(object);
  cursor.enter_object();
  Value key, value;
  *at++ = '{';
  bool first = true;
  while (cursor.next_member(key) && cursor.take(value)) {
    if (key.equals("ddtags")) continue;
    if (!first) *at++ = ',';
    first = false;
    at += sls::json::compact(key, at);
    *at++ = ':';
    at += sls::json::compact(value, at);
  }
  *at++ = '}';
  out.resize(static_cast<std::size_t>(at - out.data()));
}

}  // namespace

void JsonTextReader::read(Line& line) {
  Found found;
  if (!find_members(line.text, found)) return;
  read_status(found, spare_, line.status);

  std::string_view object = line.text;
  Value tags = found.ddtags;
  if (!tags.is_string()) {
    if (found.message.kind != Kind::kObject) return;
    Found inner;
    object = found.message.raw;
    if (!find_members(object, inner) || !inner.ddtags.is_string()) return;
    tags = inner.ddtags;
  }
  tags_ = sls::json::text_of(tags, spare_);
  write_without_tags(object, text_);
  line.tags = tags_;
  line.text = text_;
}

}  // namespace logs
