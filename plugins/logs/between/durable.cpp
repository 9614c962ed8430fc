#include "between/durable.hpp"

#include <array>

namespace logs {

namespace {

constexpr std::size_t kValueBytesMax = 1 << 10;

}  // namespace

void DurableExecutions::on_init_start(std::string_view runtime_version) {
  kind_ = runtime_version.find("DurableFunction") == std::string_view::npos ? Kind::kOrdinary : Kind::kDurable;
  learnt_ = true;
}

void DurableExecutions::on_note(std::string_view request_id, std::string_view key, std::string_view value) {
  struct Member {
    std::string_view name;
    std::string Context::*field;
  };
  constexpr std::array kMembers = {
      Member{"execution_id", &Context::id},
      Member{"execution_name", &Context::name},
      Member{"first_invocation", &Context::first},
      Member{"execution_status", &Context::status},
  };
  constexpr std::string_view kPrefix = "aws.durable.";
  if (request_id.empty() || value.empty() || !key.starts_with(kPrefix)) return;
  key.remove_prefix(kPrefix.size());
  for (const Member& member : kMembers) {
    if (key != member.name) continue;
    Context* context = nullptr;
    for (Context& each : contexts_) {
      if (each.request_id == request_id) context = &each;
    }
    if (context == nullptr) {
      if (contexts_.size() == kDurableContextsMax) contexts_.pop_front();
      context = &contexts_.emplace_back(Context{std::string(request_id), {}, {}, {}, {}});
    }
    // The first one counts: an invocation belongs to one execution.
    std::string& field = context->*member.field;
    if (field.empty()) field = value.substr(0, kValueBytesMax);
    learnt_ = true;
  }
}

bool DurableExecutions::attach(Line& line, bool managed_instance) const {
  for (const Context& context : contexts_) {
    if (context.request_id != line.request_id || !context.known()) continue;
    line.execution_id = context.id;
    line.execution_name = context.name;
    const bool platform = line.source == Source::kPlatform;
    const bool end = platform && line.text.starts_with("END RequestId:");
    const bool report = platform && line.text.starts_with("REPORT RequestId:");
    if (end || report || (platform && line.text.starts_with("START RequestId:"))) {
      if (context.first == "true" || context.first == "false") line.first_invocation = context.first;
    }
    if (end || (report && managed_instance)) line.execution_status = context.status;
    return true;
  }
  return false;
}

}  // namespace logs
