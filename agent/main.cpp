// Arguments and nothing else: a word is a command, no word is the agent.
#include <unistd.h>

#include <array>
#include <string>

#include "agent.hpp"
#include "commands.hpp"

namespace {

std::string own_file() {
  std::array<char, 4096> path;
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return "/opt/extensions/serverless-agent";
  return {path.data(), static_cast<std::size_t>(length)};
}

}  // namespace

int main(int count, char** arguments) {
  const agent::Now start = agent::Now::read();
  if (count > 1) return agent::run_command(own_file(), {arguments + 1, arguments + count});
  return agent::Agent(own_file(), start).run();
}
