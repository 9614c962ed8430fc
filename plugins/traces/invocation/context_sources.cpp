#include "context_sources.hpp"

#include <algorithm>
#include <string>

#include "letters.hpp"
#include "sls/codec/sha256.hpp"

namespace traces::invocation {
namespace {

// Eight bytes of a digest, with the top bit cleared; 0 is no id.
std::uint64_t id_of(const sls::Sha256::Digest& digest, std::size_t from) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | digest[from + i];
  out &= ~(std::uint64_t{1} << 63);
  return out == 0 ? 1 : out;
}

// The text behind `name` in the first of the parts between semicolons that begins with it and has one.
std::optional<std::string_view> part_named(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view whole = before_first(text, ';'), piece = trimmed(whole);
    text.remove_prefix(std::min(text.size(), whole.size() + 1));
    if (piece.starts_with(name) && piece.size() > name.size()) return piece.substr(name.size());
  }
  return std::nullopt;
}

}  // namespace

std::optional<TraceContext> context_of(const StateMachineIds& ids) {
  if (!ids.found || ids.execution_id.empty()) return std::nullopt;
  TraceContext context;
  context.priority = 1;
  context.origin = "states";
  const auto execution = sls::sha256(ids.root_execution_id.empty() ? ids.execution_id : ids.root_execution_id);
  if (ids.function_is_root) {
    const std::uint64_t given = decimal_id(ids.trace_id).value_or(0);
    context.trace_id = given != 0 ? given : id_of(sls::sha256(ids.execution_id), 8);
    add_propagated_tags(context, ids.tags);
    if (const std::string* high = context.find("_dd.p.tid")) context.trace_id_high = hex_id(*high).value_or(0);
  } else {
    context.trace_id = id_of(execution, 8);
    context.trace_id_high = id_of(execution, 0);
    context.set("_dd.p.tid", hex16(context.trace_id_high));
  }
  sls::Sha256 parent;
  parent.update(ids.execution_id).update("#").update(ids.state_name).update("#").update(ids.entered_time);
  if (ids.retry_count != 0 || ids.redrive_count != 0)
    parent.update("#" + std::to_string(ids.retry_count) + "#" + std::to_string(ids.redrive_count));
  context.parent_id = id_of(parent.finish(), 0);
  return context;
}

std::optional<TraceContext> context_of_aws_header(std::string_view header) {
  constexpr std::size_t kIdAt = 19;  // behind "1-EPOCH(8)-00000000"
  const auto root = part_named(header, "Root="), parent = part_named(header, "Parent=");
  if (!root || !parent || root->size() != kIdAt + 16) return std::nullopt;
  if (!root->starts_with("1-") || !hex_id(root->substr(2, 8)) || root->substr(10, 9) != "-00000000")
    return std::nullopt;
  TraceContext context;
  context.trace_id = hex_id(root->substr(kIdAt)).value_or(0);
  context.parent_id = hex_id(*parent).value_or(0);
  if (context.trace_id == 0 || context.parent_id == 0) return std::nullopt;
  context.priority = part_named(header, "Sampled=").value_or("") == "1" ? 1 : 0;
  return context;
}

std::optional<TraceContext> caller_context(const Carriers& carriers, const Carrier& request,
                                           const Propagation& propagation) {
  std::optional<TraceContext> context = propagation.extract(carriers.trigger);
  if (!context) context = context_of(carriers.state_machine);
  if (!context) context = context_of_aws_header(carriers.aws_trace_header);
  for (const Carrier* carrier : {&carriers.request_headers, &carriers.headers, &request})
    if (!context) context = propagation.extract(*carrier);
  return context;
}

}  // namespace traces::invocation
