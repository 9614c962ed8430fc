#include "net/tls_session.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <string_view>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/text.hpp"

namespace agent {
namespace {

constexpr std::string_view kFile = "serverless-agent-tls.so";

std::string chosen_library;
const agent_tls_api* loaded = nullptr;

std::string folder_of_executable() {
  char path[4096];
  const auto length = ::readlink("/proc/self/exe", path, sizeof path);
  const std::string_view text(path, length > 0 ? static_cast<std::size_t>(length) : 0);
  const auto slash = text.rfind('/');
  return std::string(slash == std::string_view::npos ? std::string_view(".") : text.substr(0, slash));
}

std::string library_path() {
  if (!chosen_library.empty()) return chosen_library;
  const std::string folder = folder_of_executable();
  const std::string beside = cat(folder, "/", kFile), below = cat(folder, "/lib/", kFile);
  return ::access(beside.c_str(), R_OK) != 0 && ::access(below.c_str(), R_OK) == 0 ? below : beside;
}

Result<const agent_tls_api*> load() {
  if (loaded) return loaded;
  void* const library = ::dlopen(library_path().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return Error{ErrorCode::kUnsupported, cat("https needs ", kFile, ": ", std::string_view(::dlerror()))};
  const auto entry = reinterpret_cast<const agent_tls_api* (*)()>(::dlsym(library, AGENT_TLS_ENTRY));
  if (!entry || entry()->size != sizeof(agent_tls_api)) {
    ::dlclose(library);
    return Error{ErrorCode::kUnsupported, cat("https needs ", kFile, " of this agent's version")};
  }
  loaded = entry();
  return loaded;
}

// One per way to verify, kept to the end of the process (never destroyed): the trust store is read once.
Result<agent_tls_context*> context_for(const agent_tls_api& api, const TlsOptions& options) {
  static auto& known = *new std::vector<std::pair<TlsOptions, agent_tls_context*>>;
  for (const auto& [way, context] : known)
    if (way.verify == options.verify && way.extra_ca_file == options.extra_ca_file) return context;
  char text[256];
  agent_tls_context* const context =
      api.context_create(options.extra_ca_file.c_str(), options.verify ? 1 : 0, text, sizeof text);
  if (!context) return Error{ErrorCode::kUnsupported, cat("TLS cannot start: ", std::string_view(text))};
  if (text[0] != '\0')
    log_error("CA file ", options.extra_ca_file, " is not usable (", std::string_view(text),
              "): wanted PEM certificates; the system's trust store is used alone");
  known.emplace_back(options, context);
  return context;
}

}  // namespace

void set_tls_library(std::string path) { chosen_library = std::move(path); }

Result<TlsSession> TlsSession::create(const std::string& host, const TlsOptions& options) {
  const auto api = load();
  if (!api) return api.error();
  const auto context = context_for(**api, options);
  if (!context) return context.error();
  agent_tls_session* const session = (*api)->session_create(*context, host.c_str());
  if (!session) return Error{ErrorCode::kInvalid, cat("TLS cannot verify the name ", host)};
  return TlsSession(*api, session);
}

}  // namespace agent
