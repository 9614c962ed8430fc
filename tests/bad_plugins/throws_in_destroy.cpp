// The destructor throws.
#include <sls/plugin.hpp>

struct ThrowsInDestroy {
  ThrowsInDestroy(sls::Host, const sls::Sandbox&) {}
  ~ThrowsInDestroy() noexcept(false) { throw std::runtime_error("not yet"); }
};
SLS_PLUGIN(ThrowsInDestroy, "throws-in-destroy", "1.0.0", "Throws when it is destroyed.");
