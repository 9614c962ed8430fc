#include "net/tls_library.hpp"

#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/text.hpp"

namespace agent {
namespace {

constexpr std::string_view kFile = "serverless-agent-tls.so";
constexpr std::string_view kInstalled = "/opt/serverless-agent/lib/";

struct KnownContext {
  TlsOptions options;
  TlsContext context;
};

std::string chosen_file;

std::string folder_of_program() {
  std::array<char, PATH_MAX> path;
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
  const std::string_view file(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return std::string(file.substr(0, file.rfind('/') + 1));
}

Result<const sls_tls_api*> library() {
  static const sls_tls_api* known = nullptr;
  if (known) return known;
  const std::string folder = folder_of_program();
  const std::array<std::string, 4> files = {chosen_file, cat(folder, "lib/", kFile), cat(folder, kFile),
                                            cat(kInstalled, kFile)};
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

Result<const TlsContext*> tls_context(const TlsOptions& options) {
  static auto& known = *new std::vector<std::unique_ptr<KnownContext>>();  // never destroyed: sessions point to it
  for (const auto& each : known)
    if (each->options.verify == options.verify && each->options.extra_ca_file == options.extra_ca_file)
      return &each->context;
  const Result<const sls_tls_api*> api = library();
  if (!api) return api.error();
  std::array<char, 512> text{};
  const char* extra = options.extra_ca_file.empty() ? nullptr : options.extra_ca_file.c_str();
  sls_tls_context* context = (*api)->open_context(extra, options.verify ? 1 : 0, text.data(), text.size());
  const std::string_view reason = text.data();
  if (!context) return Error{ErrorCode::kUnsupported, cat("https is off: ", reason)};
  if (!reason.empty())
    log_error("TLS: the file of authorities ", json_quoted(options.extra_ca_file), " is not used: ", reason,
              "; only the system's authorities are trusted");
  auto made = std::make_unique<KnownContext>();
  made->options = options;
  made->context = {*api, context};
  known.push_back(std::move(made));
  return &known.back()->context;
}

}  // namespace agent
