#include <charconv>

#include "base/invariant.hpp"
#include "config/value_text.hpp"

namespace agent {
namespace {

template <class Number>
Number number_or(const Value* value, Number otherwise) {
  if (value == nullptr || !value->present) return otherwise;
  Number number{};
  const std::string& text = value->text;
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc() ? number : otherwise;
}

const Value* asked(const Resolved& resolved, std::string_view key) {
  const Value* value = resolved.find(key);
  return SLS_INVARIANT(value != nullptr) ? value : nullptr;
}

}  // namespace

const Value* Resolved::find(std::string_view key) const {
  for (const Value& value : values_)
    if (view(value.row->key) == key) return &value;
  return nullptr;
}

std::string_view Resolved::text(std::string_view key) const {
  const Value* value = asked(*this, key);
  return value != nullptr && value->present ? std::string_view(value->text) : std::string_view();
}

bool Resolved::flag(std::string_view key) const { return text(key) == "true"; }

std::int64_t Resolved::integer(std::string_view key, std::int64_t otherwise) const {
  return number_or(asked(*this, key), otherwise);
}

double Resolved::number(std::string_view key, double otherwise) const {
  return number_or(asked(*this, key), otherwise);
}

std::vector<std::string> Resolved::list(std::string_view key) const { return json_strings(text(key)); }

std::vector<std::pair<std::string, std::string>> Resolved::pairs(std::string_view key) const {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& pair : list(key)) {
    const std::size_t colon = pair.find(':');
    if (colon != std::string::npos) pairs.emplace_back(pair.substr(0, colon), pair.substr(colon + 1));
  }
  return pairs;
}

bool is_enabled(const Resolved& options) {
  bool any = false;
  bool on = false;
  Origin::Kind strongest = Origin::Kind::kDefault;
  for (const Value& value : options.values()) {
    if ((value.row->flags & SLS_OPTION_ENABLES) == 0) continue;
    any = true;
    if (!value.present || value.origin.kind < strongest) continue;
    if (value.origin.kind > strongest) strongest = value.origin.kind, on = false;
    on = on || value.text == "true";
  }
  return !any || on;
}

}  // namespace agent
