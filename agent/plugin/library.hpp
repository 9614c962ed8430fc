// One shared object: found fit, loaded, its table taken. The only file that sees Boost.DLL.
//
// Refused with one sentence (found, wanted, remedy): what is not a regular file, may be written by others than its
// owner, is no ELF shared object of this machine, cannot be loaded (the loader's own text), lacks the symbol, gives no
// table, needs a newer ABI, or has no usable id. Loaded with RTLD_NOW | RTLD_LOCAL by absolute path; never unloaded.
// Called by plugin_set.
#pragma once

#include <string>

#include "base/result.hpp"
#include "sls/plugin.h"

namespace agent {

struct Library {
  std::string path;
  sls_plugin table{};  // whole: slots beyond the plugin's own size are NULL
};

// `file` is an absolute path.
Result<Library> load_library(const std::string& file);

// The same judgement for a table that is in the process already (tests, a static twin). `origin` stands for the path.
Result<Library> adopt_table(const sls_plugin* table, std::string origin);

}  // namespace agent
