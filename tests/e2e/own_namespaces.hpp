// A network and a view of the file system of this process's own, for programs that look for the agent at the fixed
// addresses 127.0.0.1:8124 to 8126 and for its file below /opt/extensions, as in Lambda. Nothing outside changes, and
// such tests run side by side.
#pragma once

#include <string>

namespace shop {

// Once, from the only thread; whatever is started afterwards lives there as well. Empty, or why it cannot be had (a
// system without namespaces, or without the right to make some).
std::string enter_own_namespaces();

}  // namespace shop
