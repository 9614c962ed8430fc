// std::terminate of a program or plugin that has the C++ library inside: it aborts and says nothing.
//
// The library's own handler names the exception's type, for which it brings the demangler and stdio into each shared
// object: 53 KB of each. Where it is a shared library, this is never called.
#include <cstdlib>

namespace __gnu_cxx {

void __verbose_terminate_handler() { std::abort(); }

}  // namespace __gnu_cxx
