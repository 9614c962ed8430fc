#include "commands.hpp"

#include <unistd.h>

#include "base/log.hpp"
#include "config/environment_source.hpp"
#include "config/reference.hpp"
#include "config/settings.hpp"
#include "lambda/sandbox.hpp"
#include "plugin/plugin_set.hpp"

namespace agent {
namespace {

constexpr std::string_view kUsage =
    "usage: serverless-agent                                   run as a Lambda extension\n"
    "       serverless-agent settings --markdown|--yaml [--plugins DIR]\n"
    "                                                          the reference of all settings\n"
    "       serverless-agent --version\n";

void print(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

int refuse(std::string_view what) {
  print(STDERR_FILENO, cat("serverless-agent: ", what, "\n", kUsage));
  return 2;
}

int print_settings(const std::string& own_file, const std::vector<std::string>& words) {
  const bool markdown = words.size() > 1 && words[1] == "--markdown";
  const bool yaml = words.size() > 1 && words[1] == "--yaml";
  if (!markdown && !yaml) return refuse("settings needs --markdown or --yaml");
  std::string directory = cat(std::string_view(own_file).substr(0, own_file.rfind('/')), "/plugins");
  if (words.size() == 4 && words[2] == "--plugins")
    directory = words[3];
  else if (words.size() != 2)
    return refuse("settings takes --plugins DIR and nothing else");
  Log::set_level(Level::kOff);
  Counters counters;
  PluginSet plugins(counters);
  plugins.load({directory}, {});
  plugins.put_in_order({});
  std::vector<const OptionTable*> tables = {&host_table()};
  for (const auto& plugin : plugins.chain()) tables.push_back(&plugin->option_table());
  print(STDOUT_FILENO, markdown ? markdown_reference(tables) : yaml_reference(tables));
  if (plugins.refusals().empty()) return 0;
  for (const std::string& refusal : plugins.refusals()) print(STDERR_FILENO, cat(refusal, "\n"));
  return 1;
}

}  // namespace

int run_command(const std::string& own_file, const std::vector<std::string>& words) {
  const std::string& word = words.front();
  if (word == "--version") {
    print(STDOUT_FILENO, cat("serverless-agent ", kAgentVersion, " (plugin ABI 1.", SLS_ABI_MINOR, ")\n"));
    return 0;
  }
  if (word == "--help" || word == "-h" || word == "help") {
    print(STDOUT_FILENO, kUsage);
    return 0;
  }
  if (word == "settings") return print_settings(own_file, words);
  return refuse(cat("there is no command ", json_quoted(word)));
}

}  // namespace agent
