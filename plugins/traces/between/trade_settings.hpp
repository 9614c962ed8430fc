// From the sandbox's options and facts to the trades. Called by the door, once, and again for the facts when they
// change.
#pragma once

#include <span>

#include "between/patterns.hpp"
#include "between/trades.hpp"
#include "finding.hpp"
#include "sls/views.hpp"

namespace traces {

// `open` is asked at most once, and only where there is a pattern.
Trades make_trades(const sls::Sandbox& sandbox, OpenEngine open, Findings& findings);
FunctionFacts function_facts(const sls::Sandbox& sandbox);

}  // namespace traces
