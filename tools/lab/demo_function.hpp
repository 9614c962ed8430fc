// The built-in function: an ordinary program that speaks the Runtime API and behaves like an instrumented web shop.
//
// Per invocation it writes a handful of lines (some with a card number, a token, a health check), calls
// start-invocation and end-invocation as a tracing library does, sends DogStatsD packets and one trace. What it writes
// depends only on the number of the invocation. It runs in a process of its own: `serverless-lab function`.
#pragma once

#include <string>
#include <vector>

namespace lab {

// The lines of the n-th invocation (n counts from 0).
std::vector<std::string> demo_lines(unsigned n);
// Asks for invocations until the platform goes away. Reads AWS_LAMBDA_RUNTIME_API and DD_BIND_HOST.
int run_demo_function();

}  // namespace lab
