#include "between/attribute_path.hpp"

namespace logs {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

std::optional<AttributePath> AttributePath::parse(std::string_view text) {
  AttributePath path;
  std::string name;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '.') {
      if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '.' || text[i + 1] == '\\')) ++i;
      name += text[i];
      continue;
    }
    if (name.empty()) return std::nullopt;
    path.names_.push_back(std::move(name));
    name.clear();
  }
  path.tails_ = path.names_;
  for (std::size_t i = path.names_.size() - 1; i > 0; --i) path.tails_[i - 1] += "." + path.tails_[i];
  return path;
}

const std::vector<Value>& AttributePath::values_in(std::string_view text) {
  found_.clear();
  Value whole;
  Cursor cursor(text);
  if (cursor.kind() == Kind::kObject && cursor.take(whole) && cursor.at_end()) collect(whole, 0);
  return found_;
}

void AttributePath::collect(const Value& value, std::size_t depth) {
  if (depth == names_.size()) {
    found_.push_back(value);
    return;
  }
  Cursor cursor(value.raw);
  Value key, inner;
  if (value.kind == Kind::kArray) {
    cursor.enter_array();
    while (cursor.next_element() && cursor.take(inner)) collect(inner, depth);
  } else if (value.kind == Kind::kObject) {
    cursor.enter_object();
    while (cursor.next_member(key) && cursor.take(inner)) {
      if (key.equals(names_[depth])) {
        collect(inner, depth + 1);
      } else if (key.equals(tails_[depth])) {
        collect(inner, names_.size());
      }
    }
  }
}

}  // namespace logs
