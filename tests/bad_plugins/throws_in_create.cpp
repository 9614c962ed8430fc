// The constructor throws.
#include <sls/plugin.hpp>

struct ThrowsInCreate {
  ThrowsInCreate(sls::Host, const sls::Sandbox&) { throw std::runtime_error("no memory for that"); }
};
SLS_PLUGIN(ThrowsInCreate, "throws-in-create", "1.0.0", "Throws when it is made.");
