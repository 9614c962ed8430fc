// MSK and other Kafka: records in groups by topic and partition. The record that counts is the first one with a context
// in its headers, else the first of all.
//
// Lists may also be objects with "0", "1", … for keys, at every level: some runtimes write them so. Such keys are
// ordered by number.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "../instants.hpp"
#include "../letters.hpp"
#include "../trigger.hpp"

namespace traces::invocation::triggers {
namespace {

using sls::json::Cursor;
using sls::json::Kind;
using sls::json::Value;

constexpr std::size_t kHeaderBytesMax = 8192;  // of one header's value; a longer one is no context

// The elements of a list in either form, in order, until `visit(element)` says true. `list` is valid JSON.
template <class Visit>
bool find_in_list(std::string_view list, Visit visit) {
  Cursor cursor(list);
  Value key, element;
  if (cursor.kind() == Kind::kArray) {
    cursor.enter_array();
    while (cursor.next_element() && cursor.take(element))
      if (visit(element)) return true;
    return false;
  }
  if (cursor.kind() != Kind::kObject) return false;
  std::vector<std::pair<std::string_view, Value>> elements;
  cursor.enter_object();
  while (cursor.next_member(key) && cursor.take(element)) elements.emplace_back(key.content(), element);
  std::stable_sort(elements.begin(), elements.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.size(), a.first) < std::pair(b.first.size(), b.first);
  });
  return std::any_of(elements.begin(), elements.end(), [&](const auto& each) { return visit(each.second); });
}

// The one member of each entry of a record's headers, until `visit(name, value)` says true.
template <class Visit>
bool find_header(std::string_view headers, Visit visit) {
  return find_in_list(headers, [&](const Value& entry) {
    if (entry.kind != Kind::kObject) return false;
    Cursor cursor(entry.raw);
    Value name, value;
    cursor.enter_object();
    while (cursor.next_member(name) && cursor.take(value))
      if (visit(name.content(), value)) return true;
    return false;
  });
}

bool has_context(std::string_view headers) {
  return find_header(headers, [](std::string_view name, const Value&) {
    return same_letters(name, "x-datadog-trace-id") || same_letters(name, "traceparent");
  });
}

// Whether a record of the group may have one, without a look at each record: a quote inside a text is behind a
// backslash, so that "headers" is a member's name wherever it stands before a colon.
bool may_have_context(std::string_view group) {
  constexpr std::string_view kName = "\"headers\"";
  for (;;) {
    const void* const found = memmem(group.data(), group.size(), kName.data(), kName.size());
    if (found == nullptr) return false;
    group.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(found) - group.data()) + kName.size());
    const std::string_view behind = trimmed(group);
    if (behind.starts_with(':') && has_context(behind.substr(1))) return true;
  }
}

std::string_view headers_of(const Value& record) {
  if (record.kind != Kind::kObject) return {};
  Cursor cursor(record.raw);
  Value name, value;
  cursor.enter_object();
  while (cursor.next_member(name) && cursor.take(value))
    if (name.equals("headers")) return value.raw;
  return {};
}

// Groups in the order of their names.
std::vector<Node> groups_of(Node event) {
  std::vector<Node> groups;
  for (Node each = event["records"].child(); each.exists(); each = each.next()) groups.push_back(each);
  std::stable_sort(groups.begin(), groups.end(), [](Node a, Node b) { return a.key() < b.key(); });
  return groups;
}

std::string_view chosen_record(Node event) {
  std::string_view first, chosen;
  for (const Node group : groups_of(event)) {
    if (first.empty()) first = group.child().raw();
    if (!may_have_context(group.raw())) continue;
    const bool found = find_in_list(group.raw(), [&](const Value& record) {
      if (!has_context(headers_of(record))) return false;
      chosen = record.raw;
      return true;
    });
    if (found) return chosen;
  }
  return first;
}

// [104,105], ["104","105"] or {"0":"104","1":"105"}; empty: not bytes, not UTF-8, too long.
std::string_view bytes_of(const Value& value, Arena& texts) {
  std::array<char, kHeaderBytesMax> bytes;
  std::size_t size = 0;
  const bool bad = find_in_list(value.raw, [&](const Value& element) {
    const std::string_view digits = element.is_string() ? element.content() : element.raw;
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte);
    if (error != std::errc() || end != digits.data() + digits.size() || size == bytes.size()) return true;
    bytes[size++] = static_cast<char>(byte);
    return false;
  });
  if (bad || !sls::json::valid_utf8({bytes.data(), size})) return {};
  return texts.keep({bytes.data(), size});
}

bool recognises(Node event) {
  const Node group = event["records"].is_object() ? event["records"].child() : Node();
  return group.child()["topic"].exists();
}

void describe(Sighting& s) {
  const std::string_view arn = s.keep({s.event["eventSourceArn"].text()});
  const std::string_view cluster = part(arn, '/', 1);
  s.source("msk", arn);
  const Node record = s.inside(chosen_record(s.event));
  find_header(record["headers"].raw(), [&](std::string_view name, const Value& value) {
    const std::string_view text = bytes_of(value, s.carriers.texts);
    if (!text.empty()) s.carriers.trigger.put(name, text);
    return false;
  });

  InferredSpan* span = s.span("aws.msk", "web", instant_of_number(record["timestamp"].words(), kMillisecondNs));
  if (span == nullptr) return;
  span->resource = s.keep({record["topic"].text()});
  span->service = s.service({cluster, "lambda_msk", cluster, "msk"});
  s.set(*span, "operation_name", "aws.msk");
  s.set(*span, "topic", span->resource);
  s.set(*span, "partition", record["partition"]);
  s.set(*span, "event_source", s.event["eventSource"]);
  s.set(*span, "event_source_arn", arn);
}

}  // namespace

const Trigger msk{"msk", recognises, describe};

}  // namespace traces::invocation::triggers
