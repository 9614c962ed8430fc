#include "event.hpp"

#include "letters.hpp"

namespace traces::invocation {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

namespace {

// A large value deep inside must not use up what the members above it need.
constexpr std::size_t nodes_max(unsigned depth) {
  return depth <= 2 ? kNodesMax : kNodesMax - (depth - 2) * (kNodesMax / 8);
}
static_assert(nodes_max(kDepthNoted) == kNodesMax / 2);

}  // namespace

bool Event::read(std::string_view text) {
  clear();
  if (text.size() > UINT32_MAX) return false;
  Cursor cursor(text);
  if (cursor.kind() == Kind::kObject && note(cursor, {}, 0) && cursor.at_end()) return true;
  notes_.clear();
  return false;
}

void Event::clear() {
  notes_.clear();
  texts_.clear();
}

bool Event::note(Cursor& cursor, const Value& key, unsigned depth) {
  const std::size_t at = notes_.size();
  if (at >= nodes_max(depth)) return cursor.skip();
  notes_.emplace_back();
  Value value;
  const Kind kind = cursor.kind();
  if (depth < kDepthNoted && (kind == Kind::kObject || kind == Kind::kArray)) {
    const Cursor::Start start = cursor.begin_value();
    if (!note_inside(cursor, depth + 1)) return false;
    value = cursor.end_value(start);
  } else if (!cursor.take(value)) {
    return false;
  }
  notes_[at] = {key.raw.data(),
                value.raw.data(),
                static_cast<std::uint32_t>(key.raw.size()),
                static_cast<std::uint32_t>(value.raw.size()),
                static_cast<std::uint32_t>(notes_.size()),
                value.kind,
                key.traits,
                value.traits};
  return true;
}

bool Event::note_inside(Cursor& cursor, unsigned depth) {
  if (cursor.kind() == Kind::kObject) {
    if (!cursor.enter_object()) return false;
    Value key;
    while (cursor.next_member(key))
      if (!note(cursor, key, depth)) return false;
  } else {
    if (!cursor.enter_array()) return false;
    if (cursor.next_element() && (!note(cursor, {}, depth) || !cursor.pass_rest())) return false;
  }
  return !cursor.failed();
}

std::string_view Event::meaning(const Value& string) const {
  const std::string_view content = string.content();
  if (!string.has(sls::json::kEscaped)) return content;
  if (content.size() > kUnescapedBytesMax) return {};
  char* const place = texts_.take(content.size());
  return {place, sls::json::unescape(content, place)};
}

Kind Node::kind() const { return exists() ? event_->notes_[at_].kind : Kind::kNone; }

std::string_view Node::raw() const {
  if (!exists()) return {};
  const Event::Note& note = event_->notes_[at_];
  return {note.value, note.value_bytes};
}

std::string_view Node::text() const {
  if (!is_string()) return {};
  return event_->meaning({raw(), Kind::kString, event_->notes_[at_].traits});
}

std::string_view Node::words() const {
  switch (kind()) {
    case Kind::kString: return text();
    case Kind::kNumber:
    case Kind::kTrue:
    case Kind::kFalse: return raw();
    default: return {};
  }
}

std::string_view Node::key() const {
  if (!exists() || event_->notes_[at_].key_bytes == 0) return {};
  const Event::Note& note = event_->notes_[at_];
  return event_->meaning({{note.key, note.key_bytes}, Kind::kString, note.key_traits});
}

Node Node::child() const {
  if (!exists()) return {};
  const std::uint32_t end = event_->notes_[at_].next;
  return at_ + 1 < end ? Node(event_, at_ + 1, end) : Node();
}

Node Node::next() const {
  if (!exists()) return {};
  const std::uint32_t at = event_->notes_[at_].next;
  return at < end_ ? Node(event_, at, end_) : Node();
}

Node Node::operator[](std::string_view key) const {
  if (!is_object()) return {};
  Node found;
  for (Node each = child(); each.exists(); each = each.next()) {
    const Event::Note& note = event_->notes_[each.at_];
    if (Value{{note.key, note.key_bytes}, Kind::kString, note.key_traits}.equals(key)) found = each;
  }
  return found;
}

Node Node::any_case(std::string_view key) const {
  if (!is_object()) return {};
  Node found;
  for (Node each = child(); each.exists(); each = each.next())
    if (same_letters(each.key(), key)) found = each;
  return found;
}

Node Node::first() const { return is_array() ? child() : Node(); }

}  // namespace traces::invocation
