#include "messages.hpp"

#include <cstring>

#include "../letters.hpp"

namespace traces::invocation::triggers {

bool put_attribute(Sighting& s, Node attribute, const AttributeNames& names) {
  const std::string_view type = attribute[names.type].text();
  if (type.starts_with("String") && attribute[names.text].is_string()) {
    put_json(s.carriers.trigger, attribute[names.text].text(), s.carriers.texts);
    return true;
  }
  if (type.starts_with("Binary") && attribute[names.binary].is_string()) {
    put_json(s.carriers.trigger, s.carriers.decoded_base64(attribute[names.binary].text()), s.carriers.texts);
    return true;
  }
  return false;
}

Node message_inside(Sighting& s, Node text, std::string_view needed) {
  const std::string_view raw = text.raw();
  if (!text.is_string() || raw.size() > kUnescapedBytesMax || !trimmed(raw.substr(1)).starts_with('{')) return {};
  if (memmem(raw.data(), raw.size(), needed.data(), needed.size()) == nullptr) return {};
  return s.inside(text.text());
}

}  // namespace traces::invocation::triggers
