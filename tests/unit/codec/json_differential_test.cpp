// The same random texts, whole and damaged, read by us and by Boost.JSON: the same verdict, the same values.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <random>

#include "sls/codec/json.hpp"
#include "sls/codec/json_writer.hpp"

namespace sls::json {
namespace {

namespace theirs = boost::json;

class TextMaker {
 public:
  explicit TextMaker(unsigned seed) : random_(seed) {}

  std::string value() {
    std::string out;
    append_value(out, 0);
    return out;
  }

  // One to three bytes changed, removed or put in.
  std::string damaged(std::string text) {
    constexpr std::string_view kBytes = "{}[]\",:\\0123456789.-+eEtfnu \n\x01x/";
    for (unsigned n = 1 + below(3); n > 0 && !text.empty(); --n) {
      const std::size_t at = below(static_cast<unsigned>(text.size()));
      const char byte = kBytes[below(kBytes.size())];
      switch (below(4)) {
        case 0: text[at] = byte; break;
        case 1: text.erase(at, 1); break;
        case 2: text.insert(at, 1, byte); break;
        default: text.resize(at); break;
      }
    }
    return text;
  }

 private:
  unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }

  void append_blank(std::string& out) {
    if (below(6) == 0) out += " \n\t\r"[below(4)];
  }

  void append_string(std::string& out) {
    constexpr std::string_view kPieces[] = {"a",        "key", "\\n",     "\\\"",
                                            "\\\\",     "\\/", "\\u00e9", "\\ud83d\\ude00",
                                            "\xC3\xA9", " ",   "{[",      "0123456789abcdef"};
    out += '"';
    for (unsigned n = below(5); n > 0; --n) out += kPieces[below(std::size(kPieces))];
    out += '"';
  }

  void append_number(std::string& out) {
    constexpr std::string_view kNumbers[] = {"0",
                                             "-0",
                                             "1.5",
                                             "-2e3",
                                             "18446744073709551615",
                                             "-9223372036854775808",
                                             "9223372036854775808",
                                             "0.1",
                                             "1e-7",
                                             "123456789012345678901234"};
    if (below(2) == 0) {
      out += kNumbers[below(std::size(kNumbers))];
    } else {
      out += std::to_string(static_cast<std::int64_t>(random_()));
    }
  }

  void append_value(std::string& out, unsigned depth) {
    append_blank(out);
    switch (below(depth > 5 ? 5 : 8)) {
      case 0: out += "true"; break;
      case 1: out += "false"; break;
      case 2: out += "null"; break;
      case 3: append_number(out); break;
      case 4: append_string(out); break;
      case 5:
      case 6: append_nested(out, depth, true); break;
      default: append_nested(out, depth, false); break;
    }
    append_blank(out);
  }

  void append_nested(std::string& out, unsigned depth, bool object) {
    out += object ? '{' : '[';
    append_blank(out);
    for (unsigned n = below(5); n > 0; --n) {
      if (object) {
        append_blank(out);
        append_string(out);
        append_blank(out);
        out += ':';
      }
      append_value(out, depth + 1);
      if (n > 1) out += ',';
    }
    out += object ? '}' : ']';
  }

  std::mt19937_64 random_;
};

// Reads the next value as a tree of theirs; false: malformed.
bool read(Cursor& cursor, theirs::value& out) {
  switch (cursor.kind()) {
    case Kind::kObject: {
      theirs::object& object = out.emplace_object();
      if (!cursor.enter_object()) return false;
      Value key;
      while (cursor.next_member(key)) {
        std::string spare;
        if (!read(cursor, object[text_of(key, spare)])) return false;
      }
      return !cursor.failed();
    }
    case Kind::kArray: {
      theirs::array& array = out.emplace_array();
      if (!cursor.enter_array()) return false;
      while (cursor.next_element()) {
        if (!read(cursor, array.emplace_back(nullptr))) return false;
      }
      return !cursor.failed();
    }
    default: break;
  }
  Value value;
  if (!cursor.take(value)) return false;
  std::string spare;
  std::int64_t i = 0;
  std::uint64_t u = 0;
  double d = 0;
  if (value.is_string()) {
    out.emplace_string() = text_of(value, spare);
  } else if (value.kind == Kind::kTrue || value.kind == Kind::kFalse) {
    out = value.kind == Kind::kTrue;
  } else if (value.kind == Kind::kNull) {
    out = nullptr;
  } else if (to_int64(value, i)) {
    out = i;
  } else if (to_uint64(value, u)) {
    out = u;
  } else if (to_double(value, d)) {
    out = d;
  }
  return true;
}

bool near(const theirs::value& a, const theirs::value& b) {
  if (a.is_object() && b.is_object()) {
    if (a.get_object().size() != b.get_object().size()) return false;
    for (const auto& member : a.get_object()) {
      const theirs::value* const other = b.get_object().if_contains(member.key());
      if (other == nullptr || !near(member.value(), *other)) return false;
    }
    return true;
  }
  if (a.is_array() && b.is_array()) {
    if (a.get_array().size() != b.get_array().size()) return false;
    for (std::size_t i = 0; i < a.get_array().size(); ++i) {
      if (!near(a.get_array()[i], b.get_array()[i])) return false;
    }
    return true;
  }
  if (a.is_number() && b.is_number() && (a.is_double() || b.is_double())) {
    // Boost.JSON 1.81 may be off by the last digit.
    const double x = a.to_number<double>();
    const double y = b.to_number<double>();
    return x == y || std::abs(x - y) <= 1e-14 * std::abs(y);
  }
  return a == b;
}

struct Verdict {
  bool valid = false;
  theirs::value value;
};

Verdict ours(std::string_view text) {
  Verdict out;
  Cursor cursor(text);
  out.valid = read(cursor, out.value) && cursor.at_end();
  Value whole;
  EXPECT_EQ(parse(text, whole), out.valid) << text;
  return out;
}

Verdict boosts(std::string_view text) {
  Verdict out;
  theirs::error_code code;
  theirs::parse_options options;
  options.max_depth = 300;
  options.allow_invalid_utf8 = true;
  out.value = theirs::parse(theirs::string_view(text.data(), text.size()), code, {}, options);
  out.valid = !code;
  return out;
}

// What the two are meant to differ in: half surrogate pairs, numbers of absurd size.
bool is_disputed(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("\\u", at)) != text.npos; ++at) {
    if (at + 3 < text.size() && (text[at + 2] == 'd' || text[at + 2] == 'D')) return true;
  }
  for (std::size_t at = 0; (at = text.find_first_of("eE", at)) != text.npos; ++at) {
    if (text.find_first_not_of("+-0123456789", at + 1) > at + 4) return true;
  }
  return false;
}

TEST(JsonDifferential, ReadsRandomTextsAsBoostDoes) {
  TextMaker maker(1);
  std::string spare;
  for (int round = 0; round < 5'000; ++round) {
    const std::string text = maker.value();
    const Verdict mine = ours(text);
    const Verdict other = boosts(text);
    ASSERT_TRUE(mine.valid) << text;
    ASSERT_TRUE(other.valid) << text;
    ASSERT_TRUE(near(mine.value, other.value)) << text;
    Value whole;
    ASSERT_TRUE(parse(text, whole));
    const std::string tight(compact_of(whole, spare));
    ASSERT_TRUE(near(ours(tight).value, other.value)) << text << " -> " << tight;
    ASSERT_TRUE(parse(tight, whole));
    EXPECT_FALSE(whole.has(kLoose)) << tight;
  }
}

TEST(JsonDifferential, RefusesDamagedTextsAsBoostDoes) {
  TextMaker maker(2);
  int valid = 0, invalid = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = maker.damaged(maker.value());
    if (is_disputed(text)) continue;
    const Verdict mine = ours(text);
    const Verdict other = boosts(text);
    ASSERT_EQ(mine.valid, other.valid) << text;
    ASSERT_TRUE(!mine.valid || near(mine.value, other.value)) << text;
    ++(mine.valid ? valid : invalid);
  }
  EXPECT_GT(valid, 1000);
  EXPECT_GT(invalid, 1000);
}

}  // namespace
}  // namespace sls::json
