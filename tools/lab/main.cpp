// serverless-lab: a local Lambda service with a local Datadog intake.
#include <cstdio>
#include <string>
#include <vector>

#include "lab/commands.hpp"
#include "lab/demo_function.hpp"
#include "lab/socket.hpp"

namespace {

constexpr const char* kUsage =
    "serverless-lab run [--agent PATH] [--config FILE] [--event FILE] [--invocations N] [--keep] [--json-logs]\n"
    "                   [--json FILE] [-- CMD…]   invoke a function and show what the intake receives\n"
    "serverless-lab scenario FILE… [--agent PATH]   play scenario files and check what they expect\n"
    "serverless-lab soak [N] [--seed S] [--jobs J] [--keep FOLDER] [--agent PATH]\n"
    "                                               N random sessions with faults, freezes and kills\n"
    "serverless-lab load [--agent PATH] [--config FILE] [--invocations N] [--lines K] [--no-tracer] [--json FILE]\n"
    "                                               many invocations, quickly, and what they cost\n"
    "serverless-lab function                        the built-in function (started by `run`)\n";

int dispatch(const std::string& verb, const std::vector<std::string>& rest) {
  if (verb == "run") return lab::run_command(rest);
  if (verb == "scenario") return lab::scenario_command(rest);
  if (verb == "soak") return lab::soak_command(rest);
  if (verb == "load") return lab::load_command(rest);
  if (verb == "function") return lab::run_demo_function();
  std::fputs(kUsage, verb == "help" || verb == "--help" ? stdout : stderr);
  return verb == "help" || verb == "--help" ? 0 : 2;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  try {
    return dispatch(arguments.empty() ? "" : arguments.front(),
                    arguments.empty() ? arguments : std::vector<std::string>(arguments.begin() + 1, arguments.end()));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "serverless-lab: %s\n", error.what());
    return 2;
  }
}
