// JSON, read in one pass: a pull cursor over borrowed bytes, and what is done with the values that it finds.
//
// Made for batches in which one bad element must not cost its neighbours: every step validates what it
// passes, a malformed element is stepped over (`recover`), and of a truncated text everything that was
// complete is seen. It refuses to be a document model: nothing is stored, nothing is allocated, no exception
// is thrown; whoever wants a tree builds it. Texts are views into the caller's bytes wherever the bytes say
// what is meant, copies into the caller's buffer otherwise. Nothing is read behind the end of the text.
//
// Called by agent/lambda and by plugins. What it accepts is RFC 8259, with two allowances: bytes that are not
// UTF-8 inside strings are no error of structure (kNonAscii says where to look, repair_utf8 mends), and half
// a surrogate pair reads as U+FFFD.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sls::json {

inline constexpr unsigned kDepthMax = 256;  // arrays and objects inside one another; what is deeper is malformed

enum class Kind : std::uint8_t { kNone, kObject, kArray, kString, kNumber, kTrue, kFalse, kNull };

// What was seen on the way over a value, so that the usual case costs no second look.
enum Trait : std::uint8_t {
  kEscaped = 1,   // a string in it contains a backslash
  kNonAscii = 2,  // a string in it contains a byte above 0x7F; whether it is UTF-8 was not looked at
  kLoose = 4,     // not written as compact() would: white space between tokens, or an escape that need not be one
};

// A complete, validated value: its bytes from the first to the last character, a string's quotes included.
struct Value {
  std::string_view raw;
  Kind kind = Kind::kNone;
  std::uint8_t traits = 0;

  bool is_string() const { return kind == Kind::kString; }
  bool has(Trait trait) const { return (traits & trait) != 0; }
  // Of a string: what stands between its quotes, escapes as written.
  std::string_view content() const { return raw.substr(1, raw.size() - 2); }
  // A string that means exactly `text`, whatever its escapes.
  bool equals(std::string_view text) const {
    if (has(kEscaped)) return equals_escaped(text);
    return is_string() && raw.size() == text.size() + 2 && std::memcmp(raw.data() + 1, text.data(), text.size()) == 0;
  }

 private:
  bool equals_escaped(std::string_view text) const;
};

// Walks over one text, forwards. Each call that returns false has either come to the end of an array or
// object, which is then behind it, or found something malformed: `failed()` tells which. After a failure only
// `recover` helps.
//
//   if (cursor.enter_array())
//     while (cursor.next_element())                 // stands before the element: take or enter it
//       if (!cursor.take(value)) …
class Cursor {
 public:
  struct Mark {
    const char* at = nullptr;
    unsigned depth = 0;
  };
  struct Start {
    const char* at = nullptr;
    std::uint8_t traits_before = 0;
  };

  explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool failed() const { return failed_; }
  // The kind of the value that comes next, judged by its first character; kNone: nothing that could be a
  // value.
  Kind kind();
  // Nothing but white space is left.
  bool at_end() {
    skip_blanks();
    return at_ == end_;
  }

  bool enter_array() { return enter('['); }
  bool next_element() { return next(']'); }
  bool enter_object() { return enter('{'); }
  // `key` is the member's name, a string; the cursor stands before the member's value then.
  bool next_member(Value& key);

  // The whole value that comes next, validated down to its last character.
  bool take(Value& out);
  bool skip() {
    Value ignored;
    return take(ignored);
  }

  // To behind the end of the array or object that is entered, from between two of its elements or members, by counting
  // brackets outside strings: several times as fast as a look at each, and nothing in it is validated. False, and
  // failed(): the text ends first.
  bool pass_rest();

  // For an array or object that is entered and wanted whole as well: where it begins, to be asked before it is entered,
  // and the value, when the cursor has come to its end.
  Start begin_value() {
    skip_blanks();
    const Start start{at_, traits_};
    traits_ = 0;
    return start;
  }
  Value end_value(const Start& start) {
    const Kind kind = *start.at == '{' ? Kind::kObject : Kind::kArray;
    const Value value{std::string_view(start.at, static_cast<std::size_t>(at_ - start.at)), kind, traits_};
    traits_ |= start.traits_before;
    return value;
  }

  // Where the cursor stands, for `recover`: to be taken when next_element has returned true (or enter_array).
  Mark mark() const { return {at_, depth_}; }
  // Goes from the mark to the end of the element that begins there, by counting brackets outside strings,
  // whatever is malformed in it; next_element goes on from there. A closing bracket ends whatever was left
  // open inside. False, and failed(): the text ends first.
  bool recover(const Mark& mark);

 private:
  void skip_blanks() {
    while (at_ != end_ && static_cast<unsigned char>(*at_) <= ' ' && is_blank(*at_)) {
      traits_ |= kLoose;
      ++at_;
    }
  }
  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
  bool fail() {
    failed_ = true;
    return false;
  }
  bool passed(Value& out, Kind kind, const char* end, std::uint8_t traits) {
    out = {std::string_view(at_, static_cast<std::size_t>(end - at_)), kind, traits};
    traits_ |= traits;
    at_ = end;
    return true;
  }
  bool enter(char bracket);
  bool next(char bracket);

  const char* at_;
  const char* end_;
  unsigned depth_ = 0;
  std::uint8_t traits_ = 0;  // of all that was passed since begin_value
  bool fresh_ = false;       // an array or object was entered and nothing of it was seen yet
  bool failed_ = false;
};

// The one value that `text` consists of, white space around it allowed.
bool parse(std::string_view text, Value& out);

// Exactly, or false: not a number, not written as an integer, out of range.
bool to_int64(const Value& value, std::int64_t& out);
bool to_uint64(const Value& value, std::uint64_t& out);
// The nearest double; false: not a number, or too large for one.
bool to_double(const Value& value, double& out);

// The text that a string's content (validated, without quotes) means; half a surrogate pair becomes U+FFFD.
// `out` has room for content.size() bytes, more are never written. Returns how many were.
std::size_t unescape(std::string_view content, char* out);
// The text of a string: a view into its bytes where nothing is escaped, else of `spare`, which is
// overwritten.
std::string_view text_of(const Value& value, std::string& spare);

// The value without white space between its tokens, and with no more escapes in its strings than JSON
// demands: é for \u00e9, / for \/, so that whoever searches the text finds what was meant. Order, repeated
// keys and the spelling of numbers are kept. `out` has room for value.raw.size() bytes. Returns how many were
// written.
std::size_t compact(const Value& value, char* out);
// The same: a view of the value's own bytes where they are compact already, else of `spare`, which is
// overwritten.
std::string_view compact_of(const Value& value, std::string& spare);

bool valid_utf8(std::string_view text);
// Each byte that belongs to no well-formed sequence becomes U+FFFD (a cut-off sequence one for all its
// bytes).
void append_repaired_utf8(std::string& out, std::string_view text);
// The same: `text` itself where it is UTF-8, else `spare`, which is overwritten.
std::string_view repair_utf8(std::string_view text, std::string& spare);

}  // namespace sls::json
