// A plugin's options: one aggregate of typed fields and one table, from which the rows that the host reads and the
// typed reading both come.
//
//   struct Options {
//     std::int64_t port;
//     std::vector<std::string> patterns;
//     std::chrono::milliseconds timeout;
//
//     static constexpr auto rows() {
//       return sls::rows(
//           sls::row<&Options::port>("port", {.fallback = "8125", .minimum = "0", .maximum = "65535",
//                                             .about = "UDP port; 0 switches it off."}),
//           …);
//     }
//   };
//   SLS_PLUGIN_WITH(Mine, {…, .options = sls::option_table<Options>()});
//   …
//   auto [options, findings] = sls::read_options<Options>(sandbox);
//
// The default of a field is its row's `fallback`, nowhere else. A value that is out of range or cannot be read leaves
// that one field at its fallback and adds a sentence to the findings; its neighbours live. Values of a row marked
// SECRET are never part of a sentence. The host has read files and environment before; nothing here opens anything.
//
// Used in a plugin's constructor and in on_sandbox.
#pragma once

#include <sls/views.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace sls {

// An option of type json, list or map: its canonical JSON text; empty: not given.
struct Json {
  std::string text;
};
using KeyValues = std::vector<std::pair<std::string, std::string>>;

// What a row says beside its key and field. `type` empty: that of the field.
struct Row {
  std::string_view fallback{}, minimum{}, maximum{}, yaml{}, env{}, about{}, type{};
  std::uint32_t flags = 0;
};

namespace detail {

// Value texts into fields. False: the text is not one of that type.
inline bool parse_flat_json(std::string_view text, std::vector<std::string>& out);

inline bool parse(std::string_view text, bool& out) {
  out = text == "true";
  return out || text == "false";
}
template <class Number>
requires std::is_arithmetic_v<Number>
bool parse(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}
inline bool parse(std::string_view text, std::string& out) { return out.assign(text), true; }
inline bool parse(std::string_view text, Json& out) { return out.text.assign(text), true; }
template <class Rep, class Period>
bool parse(std::string_view text, std::chrono::duration<Rep, Period>& out) {
  using Unit = std::chrono::duration<Rep, Period>;
  if constexpr (std::is_same_v<Unit, std::chrono::microseconds>) {  // duration_us
    Rep microseconds = 0;
    return parse(text, microseconds) && (out = Unit(microseconds), true);
  } else {  // duration_s
    double seconds = 0;
    const double limit = std::chrono::duration<double>(Unit::max()).count();
    if (!parse(text, seconds) || !(seconds > -limit && seconds < limit)) return false;
    out = std::chrono::duration_cast<Unit>(std::chrono::duration<double>(seconds));
    return true;
  }
}
// The host gives JSON; a row's own fallback is written as the operator would write it: "a,b".
inline bool parse(std::string_view text, std::vector<std::string>& out) {
  out.clear();
  if (text.starts_with('[')) return parse_flat_json(text, out);
  while (!text.empty()) {
    const std::size_t n = std::min(text.find(','), text.size());
    if (n != 0) out.emplace_back(text.substr(0, n));
    text.remove_prefix(std::min(n + 1, text.size()));
  }
  return true;
}
// "k:v" each; a text without a colon is a key with an empty value.
inline bool parse(std::string_view text, KeyValues& out) {
  out.clear();
  std::vector<std::string> texts;
  if (!parse(text, texts)) return false;
  for (const std::string& each : texts) {
    const std::size_t n = std::min(each.find(':'), each.size());
    out.emplace_back(each.substr(0, n), each.substr(std::min(n + 1, each.size())));
  }
  return true;
}

template <class Field>
constexpr std::string_view type_of() {
  if constexpr (std::is_same_v<Field, bool>)
    return "bool";
  else if constexpr (std::is_same_v<Field, std::chrono::microseconds>)
    return "duration_us";
  else if constexpr (requires { typename Field::period; })
    return "duration_s";
  else if constexpr (std::is_floating_point_v<Field>)
    return "float";
  else if constexpr (std::is_unsigned_v<Field>)
    return "uint";
  else if constexpr (std::is_integral_v<Field>)
    return "int";
  else if constexpr (std::is_same_v<Field, std::vector<std::string>>)
    return "csv";
  else if constexpr (std::is_same_v<Field, KeyValues>)
    return "key_values";
  else if constexpr (std::is_same_v<Field, Json>)
    return "json";
  else
    return "string";
}

template <class Options>
struct BoundRow {
  sls_option option;
  bool (*assign)(Options&, std::string_view text);
};

template <auto Member>
struct MemberOf;
template <class Options_, class Field_, Field_ Options_::*Member>
struct MemberOf<Member> {
  using Options = Options_;
  using Field = Field_;
  static bool assign(Options& options, std::string_view text) { return parse(text, options.*Member); }
};

inline bool numeric(std::string_view type) {
  return type == "int" || type == "uint" || type == "float" || type == "duration_s" || type == "duration_us";
}
// As numbers, so that 1e3 and 1000 are the same, and whole ones exactly; a text that is no number is below nothing.
template <class Number>
bool both(std::string_view first, std::string_view second, Number& a, Number& b) {
  return parse(first, a) && parse(second, b);
}
inline bool below(std::string_view first, std::string_view second) {
  std::int64_t a = 0, b = 0;
  std::uint64_t c = 0, d = 0;
  double e = 0, f = 0;
  if (both(first, second, a, b)) return a < b;
  if (both(first, second, c, d)) return c < d;
  return both(first, second, e, f) && e < f;
}
inline bool within(std::string_view text, std::string_view minimum, std::string_view maximum) {
  return !below(text, minimum) && !below(maximum, text);
}
inline std::string wanted(const sls_option& option) {
  std::string out(Text(option.type));
  if (option.minimum.len != 0) out.append(" of at least ").append(Text(option.minimum));
  if (option.maximum.len != 0)
    out.append(option.minimum.len != 0 ? ", at most " : " of at most ").append(Text(option.maximum));
  return out;
}
inline std::string finding(const sls_option& option, std::string_view value, std::string_view origin) {
  std::string out("option ");
  out.append(Text(option.key));
  if (!origin.empty()) out.append(" (").append(origin).append(")");
  out.append(": found ");
  if ((option.flags & SLS_OPTION_SECRET) != 0)
    out.append("something else");
  else
    out.append("'").append(value.substr(0, 80)).append(value.size() > 80 ? "…'" : "'");
  out.append(", wanted ").append(wanted(option));
  return out.append("; the default '").append(Text(option.fallback)).append("' is used");
}

template <class Options>
using Rows = decltype(Options::rows());
template <class... Options>
constexpr auto c_rows() {
  std::array<sls_option, (Options::rows().size() + ...)> out{};
  std::size_t at = 0;
  const auto append = [&](const auto& bound) {
    for (const auto& each : bound) out[at++] = each.option;
  };
  (append(Options::rows()), ...);
  return out;
}
template <class... Options>
inline constexpr auto kOptionRows = c_rows<Options...>();

}  // namespace detail

template <auto Member>
constexpr auto row(std::string_view key, const Row& about) {
  using Bound = detail::MemberOf<Member>;
  const std::string_view type = about.type.empty() ? detail::type_of<typename Bound::Field>() : about.type;
  return detail::BoundRow<typename Bound::Options>{
      {sizeof(sls_option), about.flags, str(key), str(about.yaml), str(about.env), str(type), str(about.fallback),
       str(about.minimum), str(about.maximum), str(about.about)},
      &Bound::assign};
}
template <class First, class... Rest>
constexpr auto rows(const First& first, const Rest&... rest) {
  return std::array<First, 1 + sizeof...(Rest)>{first, rest...};
}

// The rows as the host reads them; of several aggregates, each of which is read by itself, one table.
template <class... Options>
constexpr std::span<const sls_option> option_table() {
  return detail::kOptionRows<Options...>;
}

template <class Options>
struct OptionsRead {
  Options options{};
  std::vector<std::string> findings;  // one sentence per value that was not taken
};

// Every field from what the host resolved, else from its fallback.
template <class Options>
OptionsRead<Options> read_options(const Sandbox& sandbox) {
  OptionsRead<Options> out;
  const Pairs given = sandbox.options();
  static constexpr auto bound = Options::rows();
  for (const auto& row : bound) {
    const Text key(row.option.key), fallback(row.option.fallback);
    const bool there = given.has(key);
    if (there) {
      const Text value = given.get(key);
      const bool inside = !detail::numeric(Text(row.option.type))
                          || detail::within(value, Text(row.option.minimum), Text(row.option.maximum));
      if (inside && row.assign(out.options, value)) continue;
      out.findings.push_back(detail::finding(row.option, value, sandbox.origin(key)));
    }
    if (!fallback.empty()) row.assign(out.options, fallback);
  }
  return out;
}

// One level of JSON: an array of scalars, which is how the host writes csv and key_values.
namespace detail {
struct FlatJson {
  std::string_view rest;

  void blanks() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' || rest[0] == '\r'))
      rest.remove_prefix(1);
  }
  bool take(char c) {
    blanks();
    if (rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  static void append_utf8(std::string& out, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) return byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F));
    if (code < 0x10000) return byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F));
    byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F)),
        byte(0x80 | (code & 0x3F));
  }
  bool hex4(std::uint32_t& out) {
    if (rest.size() < 4) return false;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + 4, out, 16);
    if (error != std::errc() || end != rest.data() + 4) return false;
    rest.remove_prefix(4);
    return true;
  }
  bool unicode(std::string& out) {
    std::uint32_t code = 0, low = 0;
    if (!hex4(code)) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      if (!rest.starts_with("\\u")) return false;
      rest.remove_prefix(2);
      if (!hex4(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }
  bool escape(std::string& out) {
    if (rest.empty()) return false;
    const char c = rest[0];
    rest.remove_prefix(1);
    constexpr std::string_view kNames = "\"\\/bfnrt", kBytes = "\"\\/\b\f\n\r\t";
    if (c == 'u') return unicode(out);
    const auto at = kNames.find(c);
    if (at == kNames.npos) return false;
    out.push_back(kBytes[at]);
    return true;
  }
  bool string(std::string& out) {
    if (!take('"')) return false;
    while (!rest.empty()) {
      const char c = rest[0];
      rest.remove_prefix(1);
      if (c == '"') return true;
      if (c != '\\')
        out.push_back(c);
      else if (!escape(out))
        return false;
    }
    return false;
  }
  bool scalar(std::string& out) {
    blanks();
    if (rest.starts_with('"')) return string(out);
    const std::size_t n = std::min(rest.find_first_of(",]} \t\r\n"), rest.size());
    out.assign(rest.substr(0, n));
    rest.remove_prefix(n);
    return !out.empty() && out[0] != '[' && out[0] != '{';
  }
};

inline bool parse_flat_json(std::string_view text, std::vector<std::string>& out) {
  FlatJson json{text};
  if (!json.take('[')) return false;
  bool more = !json.take(']');
  while (more) {
    if (!json.scalar(out.emplace_back())) return false;
    more = json.take(',');
    if (!more && !json.take(']')) return false;
  }
  json.blanks();
  return json.rest.empty();
}
}  // namespace detail

}  // namespace sls
