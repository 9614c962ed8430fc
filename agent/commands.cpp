#include "commands.hpp"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "config/environment_source.hpp"
#include "config/reference.hpp"
#include "config/scrubbed.hpp"
#include "config/settings.hpp"
#include "config/shown.hpp"
#include "lambda/sandbox.hpp"
#include "plugin/plugin_set.hpp"

namespace agent {
namespace {

constexpr std::string_view kUsage =
    "usage: serverless-agent                                   run as a Lambda extension\n"
    "       serverless-agent settings --markdown|--yaml [--plugins DIR]\n"
    "                                                          the reference of all settings\n"
    "       serverless-agent scrub [--mode text|text-enc|line|yaml|json]\n"
    "                                                          standard input without credentials\n"
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

// All of standard input; false: it is larger than the limit.
bool read_input(std::string& text) {
  std::size_t filled = 0;
  for (;;) {
    if (filled == text.size())
      text.resize(std::min(limits::kScrubBytesMax + 1, std::max<std::size_t>(65536, 2 * filled)));
    const ssize_t count = ::read(STDIN_FILENO, text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    filled += static_cast<std::size_t>(count);
    if (filled > limits::kScrubBytesMax) return false;
  }
  text.resize(filled);
  return true;
}

int scrub_input(const std::vector<std::string>& words) {
  const bool chosen = words.size() == 3 && words[1] == "--mode";
  const std::string_view mode = chosen ? std::string_view(words[2]) : "text";
  constexpr std::array<std::string_view, 5> kModes = {"text", "text-enc", "line", "yaml", "json"};
  if ((words.size() != 1 && !chosen) || std::find(kModes.begin(), kModes.end(), mode) == kModes.end())
    return refuse("scrub takes --mode text, text-enc, line, yaml or json, and nothing else");
  std::string text, out;
  if (!read_input(text)) {
    print(STDERR_FILENO, cat("serverless-agent: the text is larger than ", limits::kScrubBytesMax, " bytes\n"));
    return 1;
  }
  const bool line_end = text.ends_with('\n');
  sls::Scrubber scrubber(open_own_regex_engine);
  if (mode == "yaml")
    out = scrubbed_yaml(scrubber, text);
  else if (mode == "json")
    out = scrubbed_json(scrubber, text);
  else if (mode == "line")
    out = scrubber.line(std::string_view(text).substr(0, text.size() - (line_end ? 1 : 0)));
  else
    out = scrubber.text(text, mode == "text-enc");
  if (!scrubber.problem().empty()) {
    print(STDERR_FILENO,
          cat("serverless-agent: nothing is shown, since it cannot be scrubbed: ", scrubber.problem(), "\n"));
    return 1;
  }
  if (line_end && !out.empty()) out += '\n';
  print(STDOUT_FILENO, out);
  return 0;
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
  if (word == "scrub") return scrub_input(words);
  return refuse(cat("there is no command ", json_quoted(word)));
}

}  // namespace agent
