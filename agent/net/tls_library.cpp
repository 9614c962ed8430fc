#include "net/tls_library.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/library_places.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "net/offload.hpp"

namespace agent {
namespace {

constexpr std::string_view kFile = "serverless-agent-tls.so";

struct KnownContext {
  TlsOptions options;
  TlsContext context;
};

std::string chosen_file;

Result<const sls_tls_api*> library() {
  static const sls_tls_api* known = nullptr;
  if (known) return known;
  const std::array<std::string, 3> places = library_places(kFile);
  const std::array<std::string, 4> files = {chosen_file, places[0], places[1], places[2]};
  Result<const sls_tls_api*> opened = open_tls_library(std::span(files).subspan(chosen_file.empty() ? 1 : 0));
  if (opened) known = *opened;
  return opened;
}

}  // namespace

void set_tls_library(std::string path) { chosen_file = std::move(path); }

Result<const sls_tls_api*> open_tls_library(std::span<const std::string> files) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [](const std::string& file) { return ::access(file.c_str(), F_OK) == 0; });
  if (found == files.end()) {
    std::string places;
    for (const std::string& file : files) places += cat(places.empty() ? "" : ", ", file);
    return Error{ErrorCode::kUnsupported, cat("https needs ", kFile, ", which is at none of ", places)};
  }
  // Lazily bound: a handshake uses a small part of a large library.
  void* object = ::dlopen(found->c_str(), RTLD_LAZY | RTLD_LOCAL);
  void* entry = object ? ::dlsym(object, SLS_TLS_ENTRY) : nullptr;
  if (!entry) {
    const char* reason = ::dlerror();
    return Error{ErrorCode::kUnsupported,
                 cat("https is off: ", *found, " cannot be loaded: ", std::string_view(reason ? reason : "no reason"))};
  }
  const sls_tls_api* api = reinterpret_cast<const sls_tls_api* (*)()>(entry)();
  if (!api || api->version != SLS_TLS_VERSION)
    return Error{ErrorCode::kUnsupported, cat("https is off: ", *found, " is of another version than the agent")};
  return api;
}

namespace {

// Made on another thread, which owns it with whoever waits.
struct Made {
  TlsOptions options;
  Result<TlsContext> context = Error{ErrorCode::kTimeout, "https is not ready yet"};
  std::string extra_file_problem;
};

// While one is being made, others who want one wait.
struct Making {
  explicit Making(Loop& loop) : ended(loop) {}
  Signal ended;
};

void make(Made& made) {
  const Result<const sls_tls_api*> api = library();
  if (!api) {
    made.context = api.error();
    return;
  }
  std::array<char, 512> text{};
  const char* extra = made.options.extra_ca_file.empty() ? nullptr : made.options.extra_ca_file.c_str();
  sls_tls_context* context = (*api)->open_context(extra, made.options.verify ? 1 : 0, text.data(), text.size());
  const std::string_view reason = text.data();
  if (context)
    made.context = TlsContext{*api, context};
  else
    made.context = Error{ErrorCode::kUnsupported, cat("https is off: ", reason)};
  if (context) made.extra_file_problem = reason;
}

std::vector<std::unique_ptr<KnownContext>>& known_contexts() {
  static auto& known = *new std::vector<std::unique_ptr<KnownContext>>();  // never destroyed: sessions point to it
  return known;
}

const TlsContext* find_context(const TlsOptions& options) {
  for (const auto& each : known_contexts())
    if (each->options.verify == options.verify && each->options.extra_ca_file == options.extra_ca_file)
      return &each->context;
  return nullptr;
}

Result<const TlsContext*> keep(const Made& made) {
  if (!made.context) return made.context.error();
  if (!made.extra_file_problem.empty())
    log_error("TLS: the file of authorities ", json_quoted(made.options.extra_ca_file),
              " is not used: ", made.extra_file_problem, "; only the system's authorities are trusted");
  auto known = std::make_unique<KnownContext>();
  known->options = made.options;
  known->context = *made.context;
  known_contexts().push_back(std::move(known));
  return &known_contexts().back()->context;
}

}  // namespace

Task<Result<const TlsContext*>> tls_context(Loop& loop, TlsOptions options, Steady deadline) {
  static std::weak_ptr<Making> under_way;
  for (;;) {
    if (const TlsContext* known = find_context(options)) co_return known;
    const std::shared_ptr<Making> other = under_way.lock();
    if (!other) break;
    const bool ended = co_await other->ended.wait(deadline);
    if (!ended) co_return Error{ErrorCode::kTimeout, "https is not ready yet"};
  }
  auto mine = std::make_shared<Making>(loop);
  under_way = mine;
  const auto made = std::make_shared<Made>();
  made->options = std::move(options);
  std::function<void()> job = [made] { make(*made); };
  const Detached outcome = co_await run_detached(loop, std::move(job), deadline);
  under_way.reset();
  mine->ended.notify();
  if (outcome == Detached::kLate) co_return Error{ErrorCode::kTimeout, "https is not ready yet"};
  if (outcome == Detached::kFull) make(*made);
  co_return keep(*made);
}

}  // namespace agent
