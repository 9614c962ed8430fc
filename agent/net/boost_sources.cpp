// Asio and Beast, compiled once (SEPARATE_COMPILATION is set by the target sls_boost).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
