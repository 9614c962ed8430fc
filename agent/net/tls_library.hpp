// The TLS part of the host, found and mapped when the first https connection is opened.
//
// Looked for as serverless-agent-tls.so in lib/ beside the program, beside the program, and in
// /opt/serverless-agent/lib; never unloaded. Mapping it and reading the authorities takes 20 ms and more, so it is done
// on a thread beside the loop. Called by HttpConnection.
#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "net/http_client.hpp"
#include "net/task.hpp"
#include "net/tls_session.hpp"

namespace agent {

// The context for these options, made at the first call and kept. An extra CA file that cannot be used is one ERROR
// then. kUnsupported: the TLS part is not there or not usable, with the loader's own text. kTimeout: not yet.
Task<Result<const TlsContext*>> tls_context(Loop& loop, TlsOptions options, Steady deadline);

// The first of `files` that exists.
Result<const sls_tls_api*> open_tls_library(std::span<const std::string> files);

}  // namespace agent
