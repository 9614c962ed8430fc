#include "messages.hpp"

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
  if (!text.is_string() || text.raw().find(needed) == std::string_view::npos) return {};
  return s.inside(text.text());
}

}  // namespace traces::invocation::triggers
