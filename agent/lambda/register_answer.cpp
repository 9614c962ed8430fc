#include "lambda/register_answer.hpp"

#include "sls/codec/json.hpp"

namespace agent {
namespace {

namespace json = sls::json;

std::string plain_text(const json::Value& value) {
  std::string spare, mended;
  if (value.is_string()) return std::string(json::repair_utf8(json::text_of(value, spare), mended));
  return value.kind == json::Kind::kNumber ? std::string(value.raw) : std::string();
}

}  // namespace

RegisterAnswer parse_register_answer(std::string_view body) {
  RegisterAnswer out;
  json::Value whole;
  if (!json::parse(body, whole)) return out;
  json::Cursor cursor(whole.raw);
  if (!cursor.enter_object()) return out;
  json::Value key, value;
  while (cursor.next_member(key) && cursor.take(value)) {
    if (key.equals("functionName")) out.function_name = plain_text(value);
    if (key.equals("functionVersion")) out.function_version = plain_text(value);
    if (key.equals("handler")) out.handler = plain_text(value);
    if (key.equals("accountId")) out.account_id = plain_text(value);
  }
  return out;
}

}  // namespace agent
