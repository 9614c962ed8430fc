#include "config/scrubbed.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "config/yaml_source.hpp"
#include "sls/codec/json.hpp"
#include "sls/codec/json_writer.hpp"

namespace agent {
namespace {

using sls::Scrubber;
using sls::json::Cursor;
using Kind = YamlNode::Kind;

// ---- in: JSON as the tree that yaml becomes ---------------------------------------------------------------------

bool read(Cursor& cursor, YamlTreeBuilder& out, std::string& spare);

bool read_array(Cursor& cursor, YamlTreeBuilder& out, std::string& spare) {
  if (!cursor.enter_array() || out.begin(Kind::kSequence, {}, 0) != nullptr) return false;
  while (cursor.next_element())
    if (!read(cursor, out, spare)) return false;
  return !cursor.failed() && out.end() == nullptr;
}

bool read_object(Cursor& cursor, YamlTreeBuilder& out, std::string& spare) {
  if (!cursor.enter_object() || out.begin(Kind::kMap, {}, 0) != nullptr) return false;
  sls::json::Value key;
  while (cursor.next_member(key)) {
    if (out.scalar({}, 0, false, sls::json::text_of(key, spare)) != nullptr) return false;
    if (!read(cursor, out, spare)) return false;
  }
  return !cursor.failed() && out.end() == nullptr;
}

// Recursion is bounded by the builder. False: no JSON, or more than a tree may hold.
bool read(Cursor& cursor, YamlTreeBuilder& out, std::string& spare) {
  const sls::json::Kind kind = cursor.kind();
  if (kind == sls::json::Kind::kArray) return read_array(cursor, out, spare);
  if (kind == sls::json::Kind::kObject) return read_object(cursor, out, spare);
  sls::json::Value value;
  if (!cursor.take(value)) return false;
  if (kind == sls::json::Kind::kNull) return out.null({}, 0) == nullptr;
  if (value.is_string()) return out.scalar({}, 0, false, sls::json::text_of(value, spare)) == nullptr;
  return out.scalar({}, 0, true, value.raw) == nullptr;
}

// ---- between: what of a node may be shown -------------------------------------------------------------------------

// What stands in a value's place: a text, or nothing, for a list or map that is gone through.
struct Shown {
  bool is_text = false;
  bool plain = false;  // without quotes, as numbers, booleans and null are spelt
  std::string text;
};

// Whether a text without quotes is a number or a boolean.
bool is_typed(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  return iequals(text, "true") || iequals(text, "false") || std::from_chars(text.data(), end, number).ptr == end;
}

class Judge {
 public:
  explicit Judge(Scrubber& scrubber) : scrubber_(scrubber) {}

  Shown show(const YamlNode& node, Scrubber::Key rule) {
    constexpr auto kNull = [] { return Shown{true, true, "null"}; };
    constexpr auto kHidden = [] { return Shown{true, false, std::string(Scrubber::kHidden)}; };
    const bool scalar = node.kind == Kind::kScalar;
    const bool null = node.kind == Kind::kNull;
    if (scalar && Scrubber::is_handle(node.text)) return {true, false, node.text};
    if (rule == Scrubber::Key::kHidden) return kHidden();
    if (rule == Scrubber::Key::kKeepLast) {
      if (!scalar || (node.plain && is_typed(node.text))) return kHidden();
      return {true, false, scrubber_.value(Scrubber::keep_last(node.text))};
    }
    if (null) return kNull();
    if (!scalar) return {};
    if (rule == Scrubber::Key::kLeaves) return kHidden();
    std::string clean = scrubber_.value(node.text);
    const bool same = clean == node.text;
    return {true, same && node.plain, std::move(clean)};
  }

  // `outer` is how the map itself is looked at.
  Scrubber::Key rule_for(const YamlNode& key, const YamlNode& value, Scrubber::Key outer) {
    if (outer == Scrubber::Key::kLeaves) return Scrubber::Key::kLeaves;
    const Scrubber::Key rule = scrubber_.judge_key(key.text);
    // Of what is to be hidden leaf by leaf only maps are meant.
    if (rule == Scrubber::Key::kLeaves && value.kind != Kind::kMap) return Scrubber::Key::kPlain;
    return rule;
  }

 private:
  Scrubber& scrubber_;
};

// ---- out ----------------------------------------------------------------------------------------------------------

enum class Form { kYaml, kJson };

// Whether a scalar that stood without quotes may do so again: what needs a look at its surroundings gets quotes.
bool is_safe_plain(std::string_view text) {
  constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@` \t";
  if (text.empty() || text.back() == ' ' || text.back() == ':') return false;
  const bool number = text.front() == '-' && text.size() > 1 && text[1] != ' ';
  if (!number && kIndicators.find(text.front()) != std::string_view::npos) return false;
  if (text.starts_with("---") || text.starts_with("...")) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

// JSON's text, and escaped what yaml's reader refuses or takes for the end of a line: DEL, C1, U+2028, U+2029, U+FEFF,
// U+FFFE and U+FFFF.
void append_yaml_quoted(std::string& out, std::string_view text) {
  std::string json;
  sls::json::append_quoted(json, text);
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto escape = [&](unsigned code) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(code >> shift) & 0xF];
  };
  for (std::size_t at = 0; at < json.size(); ++at) {
    const std::string_view rest = std::string_view(json).substr(at);
    const auto second = static_cast<unsigned char>(rest.size() > 1 ? rest[1] : 0);
    if (rest[0] == 0x7F)
      escape(0x7F);
    else if (rest[0] == '\xC2' && second < 0xA0)
      escape(second), at += 1;
    else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9"))
      escape(rest[2] == '\xA8' ? 0x2028 : 0x2029), at += 2;
    else if (rest.starts_with("\xEF\xBB\xBF"))
      escape(0xFEFF), at += 2;
    else if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF"))
      escape(rest[2] == '\xBE' ? 0xFFFE : 0xFFFF), at += 2;
    else
      out += rest[0];
  }
}

class Document {
 public:
  Document(Scrubber& scrubber, const YamlTree& tree, Form form) : tree_(tree), judge_(scrubber), form_(form) {}

  std::string take() {
    write(tree_.root(), Scrubber::Key::kPlain, 0);
    return std::move(out_);
  }

 private:
  static bool is_container(const YamlNode& node) { return node.kind == Kind::kMap || node.kind == Kind::kSequence; }

  // Recursion is bounded by kYamlDepthMax, which the builder enforces with aliases followed.
  void write(const YamlNode& given, Scrubber::Key rule, std::size_t depth) {
    const YamlNode& node = tree_.followed(given);
    const Shown shown = judge_.show(node, rule);
    if (shown.is_text) return scalar(shown.text, shown.plain);
    if (node.children.empty()) {
      out_ += node.kind == Kind::kMap ? "{}" : "[]";
      return;
    }
    if (form_ == Form::kJson) out_ += node.kind == Kind::kMap ? '{' : '[';
    if (node.kind == Kind::kMap)
      write_map(node, rule, depth);
    else
      write_list(node, rule, depth);
    if (form_ == Form::kJson) {
      new_line(depth);
      out_ += node.kind == Kind::kMap ? '}' : ']';
    }
  }

  void write_map(const YamlNode& node, Scrubber::Key rule, std::size_t depth) {
    bool first = true;
    tree_.each(node, [&](const YamlNode& key_node, const YamlNode& value_node) {
      const YamlNode& key = tree_.followed(key_node);
      const YamlNode& value = tree_.followed(value_node);
      const Scrubber::Key inner = judge_.rule_for(key, value, rule);
      separate(first, depth);
      const Shown name = judge_.show(key, Scrubber::Key::kPlain);
      scalar(name.text, name.plain && form_ == Form::kYaml);
      out_ += ':';
      write_below(value, inner, depth);
    });
  }

  void write_list(const YamlNode& node, Scrubber::Key rule, std::size_t depth) {
    bool first = true;
    for (const std::uint32_t index : node.children) {
      separate(first, depth);
      if (form_ == Form::kYaml) out_ += "- ";
      write(tree_.node(index), rule, depth + 1);
    }
  }

  // The value behind `key:`.
  void write_below(const YamlNode& value, Scrubber::Key rule, std::size_t depth) {
    const bool block =
        form_ == Form::kYaml && is_container(value) && !value.children.empty() && !judge_.show(value, rule).is_text;
    if (block)
      new_line(depth + 1);
    else
      out_ += ' ';
    write(value, rule, depth + 1);
  }

  // Before an element or a member: its line. In yaml the first one stands where the container was begun.
  void separate(bool& first, std::size_t depth) {
    if (form_ == Form::kJson) {
      if (!first) out_ += ',';
      new_line(depth + 1);
    } else if (!first) {
      new_line(depth);
    }
    first = false;
  }

  void new_line(std::size_t depth) {
    out_ += '\n';
    out_.append(2 * depth, ' ');
  }

  void scalar(std::string_view text, bool plain) {
    if (plain && (form_ == Form::kJson || is_safe_plain(text)))
      out_ += text;
    else if (form_ == Form::kJson)
      sls::json::append_quoted(out_, text);
    else
      append_yaml_quoted(out_, text);
  }

  const YamlTree& tree_;
  Judge judge_;
  Form form_;
  std::string out_;
};

}  // namespace

std::string scrubbed_yaml(Scrubber& scrubber, std::string_view text) {
  const Result<YamlTree> tree = parse_yaml(text);
  if (!tree || tree->more_documents()) return scrubber.text(text);
  if (tree->empty()) return {};
  return Document(scrubber, *tree, Form::kYaml).take();
}

std::string scrubbed_json(Scrubber& scrubber, std::string_view text) {
  std::string mended, spare;
  const std::string_view valid = sls::json::repair_utf8(text, mended);
  Cursor cursor(valid);
  YamlTreeBuilder builder;
  if (!read(cursor, builder, spare) || !cursor.at_end()) return scrubber.text(text);
  const YamlTree tree = builder.take();
  return tree.empty() ? scrubber.text(text) : Document(scrubber, tree, Form::kJson).take();
}

}  // namespace agent
