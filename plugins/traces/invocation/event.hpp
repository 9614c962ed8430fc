// An invocation's event, read in one pass: where its members are, so that whoever looks for one does not read again.
//
// Noted are the members of objects and the first element of arrays, down to kDepthNoted, each as a view into the
// caller's bytes; everything else is only stepped over, the further elements of arrays by their brackets alone: an
// error in the second record costs the first nothing. Nothing is copied but texts with escapes that somebody asks for.
// It refuses to know what an event means: that is what triggers/ is for. An event that is no JSON object has nothing to
// find.
//
// Read by trigger_table.cpp; asked by the rows of triggers/. Valid as long as the bytes and until the next read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "arena.hpp"
#include "sls/codec/json.hpp"

namespace traces::invocation {

inline constexpr unsigned kDepthNoted = 6;      // Records[0].dynamodb.Keys.id.S
inline constexpr std::size_t kNodesMax = 2048;  // what comes later is stepped over; deep ones reach their limit first
inline constexpr std::size_t kUnescapedBytesMax = 1 << 20;  // a longer text with escapes is not looked into

class Event;

// A value of an event, or the absence of one: to every question about what is absent the answer is absent, empty or no.
class Node {
 public:
  Node() = default;

  // Also when it is null.
  bool exists() const { return event_ != nullptr; }
  bool is_object() const { return kind() == sls::json::Kind::kObject; }
  bool is_array() const { return kind() == sls::json::Kind::kArray; }
  bool is_string() const { return kind() == sls::json::Kind::kString; }
  bool is_null() const { return kind() == sls::json::Kind::kNull; }
  sls::json::Kind kind() const;

  // Of an object: the member; the last one of equal names.
  Node operator[](std::string_view key) const;
  // The same, letters compare without case.
  Node any_case(std::string_view key) const;
  // Of an array.
  Node first() const;

  // Of a string: what it means.
  std::string_view text() const;
  // Of a string what it means, of a number or a truth value its spelling.
  std::string_view words() const;
  // The bytes of the value as they stand in the event.
  std::string_view raw() const;

  // Walks over the members that were noted:  for (Node m = o.child(); m.exists(); m = m.next()) … m.key() …
  Node child() const;
  Node next() const;
  std::string_view key() const;

 private:
  friend class Event;
  Node(const Event* event, std::uint32_t at, std::uint32_t end) : event_(event), at_(at), end_(end) {}

  const Event* event_ = nullptr;
  std::uint32_t at_ = 0, end_ = 0;  // end_: behind the last one of the same parent
};

class Event {
 public:
  // False: no JSON object, and root() is absent. `text` outlives what is asked.
  bool read(std::string_view text);
  void clear();
  Node root() const { return notes_.empty() ? Node() : Node(this, 0, 1); }

 private:
  friend class Node;
  struct Note {
    const char* key = nullptr;  // with its quotes
    const char* value = nullptr;
    std::uint32_t key_bytes = 0, value_bytes = 0;
    std::uint32_t next = 0;  // behind all that is noted inside
    sls::json::Kind kind = sls::json::Kind::kNone;
    std::uint8_t key_traits = 0, traits = 0;
  };

  bool note(sls::json::Cursor& cursor, const sls::json::Value& key, unsigned depth);
  bool note_inside(sls::json::Cursor& cursor, unsigned depth);
  std::string_view meaning(const sls::json::Value& string) const;

  std::vector<Note> notes_;
  mutable Arena texts_;  // unescaped ones
};

}  // namespace traces::invocation
