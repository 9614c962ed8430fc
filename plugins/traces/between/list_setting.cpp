#include "between/list_setting.hpp"

#include <algorithm>
#include <utility>

#include "sls/codec/json.hpp"

namespace traces {
namespace {

using sls::json::Kind;
using sls::json::Value;

constexpr std::string_view kBlanks = " \t\r\n";

std::string scalar(const Value& value) {
  std::string spare;
  return std::string(value.is_string() ? sls::json::text_of(value, spare) : value.raw);
}

void add(std::vector<std::string>& out, std::string entry) {
  if (!entry.empty()) out.push_back(std::move(entry));
}

void add_members(std::vector<std::string>& out, const Value& map) {
  sls::json::Cursor cursor(map.raw);
  Value key, value;
  if (!cursor.enter_object()) return;
  while (cursor.next_member(key) && cursor.take(value)) add(out, scalar(key) + ":" + scalar(value));
}

bool read_json(std::string_view value, std::vector<std::string>& out) {
  Value array, element;
  if (!sls::json::parse(value, array) || array.kind != Kind::kArray) return false;
  sls::json::Cursor cursor(array.raw);
  if (!cursor.enter_array()) return false;
  while (cursor.next_element() && cursor.take(element)) {
    if (element.kind == Kind::kObject)
      add_members(out, element);
    else
      add(out, scalar(element));
  }
  return true;
}

std::string take_quoted(std::string_view& text) {
  std::string out;
  text.remove_prefix(1);
  while (!text.empty()) {
    const bool quote = text[0] == '"';
    if (quote && !text.starts_with("\"\"")) break;
    out.push_back(text[0]);
    text.remove_prefix(quote ? 2 : 1);
  }
  text.remove_prefix(std::min(text.find(','), text.size()));
  return out;
}

void read_commas(std::string_view text, std::vector<std::string>& out) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.starts_with('"')) {
      add(out, take_quoted(text));
    } else {
      const std::size_t n = std::min(text.find(','), text.size());
      add(out, std::string(text.substr(0, n)));
      text.remove_prefix(n);
    }
    if (text.empty()) return;
    text.remove_prefix(1);
  }
}

void read_blanks(std::string_view text, std::vector<std::string>& out) {
  while (!text.empty()) {
    const std::size_t n = std::min(text.find_first_of(kBlanks), text.size());
    add(out, std::string(text.substr(0, n)));
    text.remove_prefix(std::min(n + 1, text.size()));
  }
}

}  // namespace

std::vector<std::string> entries_of(std::string_view value, Between between) {
  std::vector<std::string> out;
  if (read_json(value, out)) return out;
  out.clear();
  if (between == Between::kBlanks)
    read_blanks(value, out);
  else
    read_commas(value, out);
  return out;
}

}  // namespace traces
