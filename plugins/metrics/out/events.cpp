#include "out/events.hpp"

#include "between/tag_rules.hpp"
#include "sls/codec/json_writer.hpp"

namespace metrics {

namespace {

void write_tags(sls::json::Writer& to, std::string_view tags, const BaseTags& base, std::string_view more) {
  const auto write = [&to](std::string_view tag) {
    if (!is_instruction(tag)) to.string(tag);
  };
  to.key("tags").begin_array();
  for (const std::string& tag : base.all()) to.string(tag);
  for (const std::string& tag : base.resources()) write(tag);
  for_each_tag(tags, write);
  for_each_tag(more, write);
  to.end_array();
}

}  // namespace

std::string encode_event(const EventLine& event, const BaseTags& base, std::string_view more, std::int64_t now_s) {
  std::string out;
  sls::json::Writer to(out);
  to.begin_object();
  to.key("msg_title").string(unescaped(event.title));
  to.key("msg_text").string(unescaped(event.text));
  to.key("timestamp").integer(event.time_s != 0 ? event.time_s : now_s);
  to.key("priority").string(event.priority);
  to.key("host").string(event.host);
  write_tags(to, event.tags, base, more);
  to.key("alert_type").string(event.alert_type);
  if (!event.aggregation_key.empty()) to.key("aggregation_key").string(event.aggregation_key);
  if (!event.source_type.empty()) to.key("source_type_name").string(event.source_type);
  to.end_object();
  return out;
}

std::string encode_check(const CheckLine& check, const BaseTags& base, std::string_view more, std::int64_t now_s) {
  std::string out;
  sls::json::Writer to(out);
  to.begin_object();
  to.key("check").string(check.name);
  to.key("host_name").string(check.host);
  to.key("timestamp").integer(check.time_s != 0 ? check.time_s : now_s);
  to.key("status").integer(std::int64_t{check.status});
  to.key("message").string(check.message);
  write_tags(to, check.tags, base, more);
  to.end_object();
  return out;
}

std::string events_prefix(std::string_view source_type) {
  std::string out = R"({"apiKey":"","events":{)";
  sls::json::append_quoted(out, source_type);
  return out += ":[";
}

}  // namespace metrics
