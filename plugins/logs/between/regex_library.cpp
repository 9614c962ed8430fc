#include "between/regex_library.hpp"

#include <dlfcn.h>

namespace logs {

const logs_regex_engine* open_regex_library(std::string& error) {
  // $ORIGIN is the folder of the object that asks, so this needs no path of its own and no search. Lazily bound: RE2
  // and the C++ library have thousands of symbols, of which a rule uses some dozens.
  void* library = dlopen("$ORIGIN/../lib/logs-regex.so", RTLD_LAZY | RTLD_LOCAL);
  void* entry = library == nullptr ? nullptr : dlsym(library, LOGS_REGEX_ENTRY);
  if (entry == nullptr) {
    const char* reason = dlerror();
    error = "the regex engine cannot be loaded: " + std::string(reason == nullptr ? "no reason given" : reason);
    return nullptr;
  }
  return reinterpret_cast<const logs_regex_engine* (*)()>(entry)();
}

}  // namespace logs
