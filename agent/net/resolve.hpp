// Names to addresses, without holding the loop up.
//
// Numbers and "localhost" are answered at once and start no thread. Everything else is getaddrinfo on a
// detached thread: it cannot be cancelled, so when the deadline passes the lookup is left alone and its
// answer dropped. Called by Stream.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/task.hpp"

namespace agent {

// At least one address, in the order of the system's preference. Errors: kNotFound, kTimeout, kFull.
Task<Result<std::vector<boost::asio::ip::address>>> resolve(Loop& loop, std::string host, Steady deadline);

}  // namespace agent
