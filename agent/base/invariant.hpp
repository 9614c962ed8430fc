// SLS_INVARIANT(condition): something that only a mistake of ours can break.
//
// Debug and tests: abort, with place and condition. Release: counted, logged once per place, and the expression is
// false, so that the caller leaves by its error path:  if (!SLS_INVARIANT(part < count)) return SLS_E_FAILED;
#pragma once

#include <cstdint>

namespace agent {

std::uint64_t invariants_broken();
void invariant_broken(const char* condition, const char* file, int line);

}  // namespace agent

#define SLS_INVARIANT(condition) \
  (static_cast<bool>(condition) || (::agent::invariant_broken(#condition, __FILE__, __LINE__), false))
