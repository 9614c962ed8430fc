#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "lab/command_line.hpp"
#include "lab/commands.hpp"
#include "lab/scenario.hpp"

namespace lab {
namespace {

// A loopback address of its own for every file and process, so that scenarios run side by side (FNV-1a).
std::string address_for(const std::string& file) {
  if (const char* host = std::getenv("DD_BIND_HOST"); host && *host) return host;
  std::uint32_t hash = 2166136261u;
  for (const char byte : file + std::to_string(getpid())) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return "127." + std::to_string(32 + (hash >> 16 & 63)) + "." + std::to_string(hash >> 8 & 255) + "."
         + std::to_string(1 + hash % 254);
}

bool play(const std::string& file, const std::string& agent) {
  const auto begun = Clock::now();
  std::optional<std::string> failure;
  Scenario scenario({agent}, address_for(file));
  try {
    failure = scenario.play(read_scenario(file_text(file)));
  } catch (const LabError& error) {
    failure = error.what();
  }
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
  if (!failure) return std::printf("ok    %s (%.0f ms)\n", file.c_str(), ms), true;
  std::printf("FAIL  %s (%.0f ms)\n  %s\n", file.c_str(), ms, failure->c_str());
  const auto lines = scenario.agent_lines();
  for (std::size_t i = lines.size() > 20 ? lines.size() - 20 : 0; i < lines.size(); ++i)
    std::printf("  agent: %s\n", lines[i].c_str());
  return false;
}

}  // namespace

int scenario_command(const std::vector<std::string>& arguments) {
  const CommandLine line(arguments, {"agent"}, {});
  if (line.words().empty()) throw LabError("scenario wants at least one file");
  const std::string agent = agent_path(line.value("agent"));
  int failed = 0;
  for (const std::string& file : line.words()) failed += play(file, agent) ? 0 : 1;
  return failed == 0 ? 0 : 1;
}

}  // namespace lab
