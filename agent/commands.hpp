// Commands: what the executable does when it is given words. No agent runs, nothing is sent.
//
//   serverless-agent --version | --help
//   serverless-agent settings --markdown | --yaml [--plugins DIR]   the reference of all settings, plugins' included
//   serverless-agent scrub [--mode text|text-enc|line|yaml|json]    standard input without credentials, to standard
//   output
#pragma once

#include <string>
#include <vector>

namespace agent {

// Exit code: 0; 1 where it could not be done; 2 for words that are no command.
int run_command(const std::string& own_file, const std::vector<std::string>& words);

}  // namespace agent
