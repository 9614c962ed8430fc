#include <sys/wait.h>

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "lab/command_line.hpp"
#include "lab/commands.hpp"
#include "lab/scenario.hpp"
#include "lab/soak.hpp"

namespace lab {
namespace {

struct Plan {
  std::string agent, keep;
  unsigned sessions = 0, seed = 0, jobs = 1;
};

// 127.64.0.0/10, by the process that plays, so that runs lie side by side.
std::string address_for(unsigned job) {
  const unsigned mixed = (static_cast<unsigned>(getpid()) * 64 + job) * 2654435761u >> 10;
  return "127." + std::to_string(100 + (mixed >> 16) % 100) + "." + std::to_string(mixed >> 8 & 255) + "."
         + std::to_string(1 + mixed % 254);
}

bool play(const Plan& plan, unsigned seed, const std::string& address) {
  const std::string text = soak_session(seed);
  std::optional<std::string> failure;
  Scenario scenario({plan.agent}, address);
  try {
    failure = scenario.play(read_scenario(text));
  } catch (const LabError& error) {
    failure = error.what();
  }
  if (!failure) return true;
  const std::string file = plan.keep + "/soak-" + std::to_string(seed) + ".scn";
  std::ofstream(file) << text;
  std::string report = "FAIL  seed " + std::to_string(seed) + " (" + file + ")\n  " + *failure + "\n";
  const auto lines = scenario.agent_lines();
  for (std::size_t i = lines.size() > 12 ? lines.size() - 12 : 0; i < lines.size(); ++i)
    report += "  agent: " + lines[i] + "\n";
  std::fputs(report.c_str(), stdout);
  std::fflush(stdout);
  return false;
}

int play_share(const Plan& plan, unsigned job) {
  const std::string address = address_for(job);
  unsigned failed = 0;
  for (unsigned i = job; i < plan.sessions; i += plan.jobs) failed += play(plan, plan.seed + i, address) ? 0 : 1;
  return failed == 0 ? 0 : 1;
}

}  // namespace

int soak_command(const std::vector<std::string>& arguments) {
  const CommandLine line(arguments, {"agent", "seed", "jobs", "keep"}, {});
  Plan plan;
  plan.agent = agent_path(line.value("agent"));
  plan.keep = line.value("keep", ".");
  plan.sessions = line.words().empty() ? 100 : static_cast<unsigned>(number_of_text(line.words().front()));
  plan.seed = line.number("seed", 1);
  plan.jobs = std::max(1u, line.number("jobs", 8));
  const auto begun = Clock::now();
  std::vector<pid_t> players;
  for (unsigned job = 0; job < plan.jobs; ++job) {
    const pid_t player = fork();
    if (player < 0) throw LabError("cannot start a player");
    if (player == 0) _exit(play_share(plan, job));
    players.push_back(player);
  }
  bool failed = false;
  for (const pid_t player : players) {
    int status = 0;
    failed = waitpid(player, &status, 0) != player || status != 0 || failed;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  std::printf("%s  %u sessions from seed %u in %.1f s\n", failed ? "FAIL" : "ok  ", plan.sessions, plan.seed, seconds);
  return failed ? 1 : 0;
}

}  // namespace lab
