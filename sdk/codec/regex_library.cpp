// Opens the regex engine's shared object.
#include <dlfcn.h>

#include "sls/codec/regex.hpp"

namespace sls {

namespace {

// By this object's own file, not by $ORIGIN: the loader takes that from whoever calls dlopen, which is not us where a
// sanitizer or a preloaded library stands between.
std::string library_path() {
  Dl_info own{};
  if (dladdr(reinterpret_cast<void*>(&open_regex_engine), &own) == 0 || own.dli_fname == nullptr) return {};
  const std::string file = own.dli_fname;
  return file.substr(0, file.rfind('/') + 1) + "../lib/regex.so";
}

}  // namespace

const RegexEngine* open_regex_engine(std::string& error, const std::string& path) {
  // Lazily bound: RE2 and the C++ library have thousands of symbols, of which a pattern uses some dozens.
  void* library = dlopen((path.empty() ? library_path() : path).c_str(), RTLD_LAZY | RTLD_LOCAL);
  void* entry = library == nullptr ? nullptr : dlsym(library, SLS_REGEX_ENTRY);
  if (entry == nullptr) {
    const char* reason = dlerror();
    error = "the regex engine cannot be loaded: " + std::string(reason == nullptr ? "no reason given" : reason);
    return nullptr;
  }
  const RegexEngine* engine = reinterpret_cast<const RegexEngine* (*)()>(entry)();
  if (engine->size < sizeof(RegexEngine)) {
    error = "the regex engine is older than what asks for it";
    return nullptr;
  }
  return engine;
}

}  // namespace sls
