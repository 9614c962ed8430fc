// The verbs of serverless-lab. Each takes its arguments and returns the exit code; LabError says what cannot be done.
#pragma once

#include <string>
#include <vector>

namespace lab {

int run_command(const std::vector<std::string>& arguments);
int scenario_command(const std::vector<std::string>& arguments);
int load_command(const std::vector<std::string>& arguments);
int soak_command(const std::vector<std::string>& arguments);

}  // namespace lab
