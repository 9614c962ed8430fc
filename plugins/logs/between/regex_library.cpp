#include "between/regex_library.hpp"

#include <dlfcn.h>

namespace logs {

namespace {

// By this object's own file, not by $ORIGIN: the loader takes that from whoever calls dlopen, which is not us where a
// sanitizer or a preloaded library stands between.
std::string library_path() {
  Dl_info own{};
  if (dladdr(reinterpret_cast<void*>(&open_regex_library), &own) == 0 || own.dli_fname == nullptr) return {};
  const std::string file = own.dli_fname;
  return file.substr(0, file.rfind('/') + 1) + "../lib/logs-regex.so";
}

}  // namespace

const logs_regex_engine* open_regex_library(std::string& error) {
  // Lazily bound: RE2 and the C++ library have thousands of symbols, of which a rule uses some dozens.
  void* library = dlopen(library_path().c_str(), RTLD_LAZY | RTLD_LOCAL);
  void* entry = library == nullptr ? nullptr : dlsym(library, LOGS_REGEX_ENTRY);
  if (entry == nullptr) {
    const char* reason = dlerror();
    error = "the regex engine cannot be loaded: " + std::string(reason == nullptr ? "no reason given" : reason);
    return nullptr;
  }
  return reinterpret_cast<const logs_regex_engine* (*)()>(entry)();
}

}  // namespace logs
