#include "config/value_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "config/yaml_source.hpp"
#include "sls/codec/json_writer.hpp"

namespace agent {
namespace {

using Kind = Conversion::Kind;

constexpr std::array<std::pair<std::string_view, OptionType>, 13> kTypes = {{
    {"bool", OptionType::kBool},
    {"int", OptionType::kInt},
    {"uint", OptionType::kUint},
    {"float", OptionType::kFloat},
    {"string", OptionType::kString},
    {"string_or_int", OptionType::kStringOrInt},
    {"duration_s", OptionType::kSeconds},
    {"duration_us", OptionType::kMicros},
    {"csv", OptionType::kCsv},
    {"key_values", OptionType::kKeyValues},
    {"list", OptionType::kList},
    {"map", OptionType::kMap},
    {"json", OptionType::kJson},
}};

Conversion value(std::string text) { return {Kind::kValue, std::move(text), {}, {}}; }
Conversion unusable(std::string_view found) { return {Kind::kUnusable, {}, std::string(found), {}}; }

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <class Number>
bool in_range(const sls_option& row, Number number) {
  const auto minimum = parse<Number>(view(row.minimum));
  const auto maximum = parse<Number>(view(row.maximum));
  return (!minimum || number >= *minimum) && (!maximum || number <= *maximum);
}

Conversion to_bool(std::string_view text) {
  if (text == "1" || text == "1.0" || iequals(text, "true")) return value("true");
  if (text == "0" || text == "0.0" || iequals(text, "false")) return value("false");
  return unusable(text);
}

template <class Number>
Conversion to_integer(const sls_option& row, std::string_view text) {
  const auto number = parse<Number>(text);
  return number && in_range(row, *number) ? value(cat(*number)) : unusable(text);
}

Conversion to_decimal(const sls_option& row, std::string_view text, bool negative_allowed) {
  const auto number = parse<double>(text);
  if (!number || !std::isfinite(*number) || !in_range(row, *number)) return unusable(text);
  if (*number < 0 && !negative_allowed) return unusable(text);
  char digits[32];
  return value(std::string(digits, std::to_chars(digits, digits + sizeof digits, *number).ptr));
}

// A JSON array of strings, made one by one.
class StringArray {
 public:
  void add(std::string_view text) {
    out_ += out_.size() > 1 ? ",\"" : "\"";
    sls::json::append_escaped(out_, text);
    out_ += '"';
  }
  Conversion take() { return out_.size() == 1 ? Conversion{} : value(std::move(out_) + "]"); }

 private:
  std::string out_ = "[";
};

template <class Visit>
void each_part(std::string_view text, std::string_view separators, Visit&& visit) {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(separators);
    const std::string_view part = trim(text.substr(0, end));
    if (!part.empty()) visit(part);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

Conversion to_csv(std::string_view text) {
  StringArray array;
  each_part(text, ",", [&](std::string_view part) { array.add(part); });
  return array.take();
}

// key:value pairs; the last one of a key counts.
class Pairs {
 public:
  void add(std::string_view pair) {
    const std::size_t colon = pair.find(':');
    const std::string_view key = trim(pair.substr(0, colon));
    const std::string_view content = colon == std::string_view::npos ? "" : trim(pair.substr(colon + 1));
    if (key.empty() || content.empty())
      dropped_.emplace_back(pair);
    else
      add(key, content);
  }
  void add(std::string_view key, std::string_view content) {
    const auto [place, is_new] = places_.try_emplace(std::string(key), pairs_.size());
    if (is_new)
      pairs_.emplace_back(key, content);
    else
      pairs_[place->second].second = content;
  }

  Conversion array() {
    StringArray array;
    for (const auto& [key, content] : pairs_) array.add(cat(key, ":", content));
    return with_dropped(array.take());
  }
  Conversion object() {
    std::string out = "{";
    for (const auto& [key, content] : pairs_)
      out += cat(out.size() > 1 ? "," : "", json_quoted(key), ":", json_quoted(content));
    return with_dropped(pairs_.empty() ? Conversion{} : value(out + "}"));
  }

 private:
  Conversion with_dropped(Conversion made) {
    made.dropped = std::move(dropped_);
    return made;
  }

  std::vector<std::pair<std::string, std::string>> pairs_;
  std::unordered_map<std::string, std::size_t> places_;  // of keys in pairs_
  std::vector<std::string> dropped_;
};

Pairs pairs_of(std::string_view text, std::string_view separators) {
  Pairs pairs;
  each_part(text, separators, [&](std::string_view part) { pairs.add(part); });
  return pairs;
}

// JSON is (but for escapes of surrogate pairs) a subset of yaml, and one reader has one set of limits.
Conversion structure_from(std::string_view text, YamlNode::Kind kind) {
  const Result<YamlTree> tree = parse_yaml(text);
  if (!tree || tree->empty() || tree->root().kind != kind) return unusable(text);
  return tree->root().children.empty() ? Conversion{} : value(to_json(*tree, tree->root()));
}

Conversion to_list(std::string_view text) {
  return text.front() == '[' ? structure_from(text, YamlNode::Kind::kSequence) : to_csv(text);
}

Conversion to_map(std::string_view text) {
  return text.front() == '{' ? structure_from(text, YamlNode::Kind::kMap) : pairs_of(text, ",").object();
}

const char* name_of(YamlNode::Kind kind) { return kind == YamlNode::Kind::kMap ? "a map" : "a list"; }

Conversion csv_from(const YamlTree& tree, const YamlNode& list) {
  StringArray array;
  std::vector<std::string> dropped;
  for (std::uint32_t index : list.children) {
    const YamlNode& element = tree.followed(tree.node(index));
    if (element.kind != YamlNode::Kind::kScalar)
      dropped.push_back(to_json(tree, element));
    else if (!trim(element.text).empty())
      array.add(trim(element.text));
  }
  Conversion made = array.take();
  made.dropped = std::move(dropped);
  return made;
}

// `- key:value` elements, and `- key: value` as it is often meant.
Conversion pairs_from(const YamlTree& tree, const YamlNode& node) {
  Pairs pairs;
  const auto add_entries = [&](const YamlNode& map) {
    tree.each(map, [&](const YamlNode& key, const YamlNode& content) {
      pairs.add(cat(tree.followed(key).text, ":", tree.followed(content).text));
    });
  };
  if (node.kind == YamlNode::Kind::kMap) add_entries(node);
  if (node.kind == YamlNode::Kind::kSequence) {
    for (std::uint32_t index : node.children) {
      const YamlNode& element = tree.followed(tree.node(index));
      if (element.kind == YamlNode::Kind::kMap)
        add_entries(element);
      else
        pairs.add(element.kind == YamlNode::Kind::kScalar ? element.text : to_json(tree, element));
    }
  }
  return pairs.array();
}

Conversion structured(const YamlTree& tree, const YamlNode& node, OptionType type) {
  const bool is_list = node.kind == YamlNode::Kind::kSequence;
  switch (type) {
    case OptionType::kCsv:
      if (is_list) return csv_from(tree, node);
      break;
    case OptionType::kKeyValues: return pairs_from(tree, node);
    case OptionType::kList:
      if (is_list) return value(to_json(tree, node));
      break;
    case OptionType::kMap:
      if (!is_list) return value(to_json(tree, node));
      break;
    case OptionType::kJson: return value(to_json(tree, node));
    default: break;
  }
  return unusable(name_of(node.kind));
}

std::string range(const sls_option& row) {
  const std::string_view minimum = view(row.minimum);
  const std::string_view maximum = view(row.maximum);
  if (!minimum.empty() && !maximum.empty()) return cat(" from ", minimum, " to ", maximum);
  if (!minimum.empty()) return cat(", at least ", minimum);
  if (!maximum.empty()) return cat(", at most ", maximum);
  return {};
}

}  // namespace

OptionType option_type(const sls_option& row) {
  for (const auto& [name, type] : kTypes)
    if (name == view(row.type)) return type;
  return OptionType::kString;
}

Conversion convert_text(const sls_option& row, std::string_view raw) {
  const OptionType type = option_type(row);
  if (type == OptionType::kString) return raw.empty() ? Conversion{} : value(std::string(raw));
  const std::string_view text = trim(raw);
  if (text.empty()) return {};
  switch (type) {
    case OptionType::kBool: return to_bool(text);
    case OptionType::kInt: return to_integer<std::int64_t>(row, text);
    case OptionType::kUint: return to_integer<std::uint64_t>(row, text);
    case OptionType::kMicros: return to_integer<std::uint64_t>(row, text);
    case OptionType::kFloat: return to_decimal(row, text, true);
    case OptionType::kSeconds: return to_decimal(row, text, false);
    case OptionType::kCsv: return to_csv(text);
    case OptionType::kKeyValues: return pairs_of(text, ", \t\r\n").array();
    case OptionType::kList: return to_list(text);
    case OptionType::kMap: return to_map(text);
    case OptionType::kJson: return text == "[]" || text == "{}" ? Conversion{} : value(std::string(text));
    case OptionType::kString:
    case OptionType::kStringOrInt: break;
  }
  return value(std::string(text));
}

Conversion convert_yaml(const sls_option& row, const YamlTree& tree, const YamlNode& given) {
  const YamlNode& node = tree.followed(given);
  const OptionType type = option_type(row);
  switch (node.kind) {
    case YamlNode::Kind::kScalar:
      // An empty text between quotes is meant; that of a variable is none.
      if (node.text.empty() && !node.plain && type == OptionType::kString) return value({});
      return convert_text(row, node.text);
    case YamlNode::Kind::kSequence:
    case YamlNode::Kind::kMap: return node.children.empty() ? Conversion{} : structured(tree, node, type);
    case YamlNode::Kind::kNull:
    case YamlNode::Kind::kAlias: break;
  }
  return {};
}

std::string wanted(const sls_option& row) {
  switch (option_type(row)) {
    case OptionType::kBool: return "true or false";
    case OptionType::kInt: return cat("a whole number", range(row));
    case OptionType::kUint: return cat("a whole number, not negative", range(row));
    case OptionType::kFloat: return cat("a number", range(row));
    case OptionType::kSeconds: return cat("a number of seconds", range(row));
    case OptionType::kMicros: return cat("a whole number of microseconds", range(row));
    case OptionType::kString:
    case OptionType::kStringOrInt: return "a text";
    case OptionType::kCsv: return "a list of texts, or one text with commas";
    case OptionType::kKeyValues: return "a list of key:value texts, or one text with commas";
    case OptionType::kList: return "a list";
    case OptionType::kMap: return "a map";
    case OptionType::kJson: return "a list, a map, or a text that holds JSON";
  }
  return {};
}

}  // namespace agent
