#include "lab/scenario_file.hpp"

#include <algorithm>

#include "lab/socket.hpp"

namespace lab {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view line_at(std::string_view text, std::size_t& at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  const std::string_view line = text.substr(at, end - at);
  at = end + 1;
  return line;
}

char unescaped(char byte) { return byte == 'n' ? '\n' : byte == 't' ? '\t' : byte; }

// A value from `at`: in quotes, or up to the next blank.
std::string value_at(std::string_view line, std::size_t& at) {
  std::string out;
  if (at < line.size() && line[at] == '"') {
    for (++at; at < line.size() && line[at] != '"'; ++at) {
      const bool escape = line[at] == '\\' && at + 1 < line.size();
      out += escape ? unescaped(line[++at]) : line[at];
    }
    if (at == line.size()) throw LabError("a quote is not closed");
    ++at;
    return out;
  }
  while (at < line.size() && line[at] != ' ' && line[at] != '\t') out += line[at++];
  return out;
}

bool in_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte))
         || std::string_view("_.-/$").find(byte) != std::string_view::npos;
}

Word word_at(std::string_view line, std::size_t& at) {
  std::size_t end = at;
  while (end < line.size() && in_name(line[end])) ++end;
  Word word;
  if (end > at && end < line.size() && (line[end] == '=' || line[end] == '~')) {
    word.name = line.substr(at, end - at);
    word.sign = line[end];
    at = end + 1;
  }
  word.value = value_at(line, at);
  return word;
}

std::string text_until(std::string_view text, std::size_t& at, unsigned& number, std::string_view end) {
  std::string out;
  while (at < text.size()) {
    const std::string_view line = line_at(text, at);
    ++number;
    if (trimmed(line) == end) return out;
    out.append(line).append("\n");
  }
  throw LabError("<<" + std::string(end) + " is not closed");
}

Step step_of(std::string_view line) {
  Step step;
  step.source = line;
  const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
  step.verb = line.substr(0, blank);
  step.rest = trimmed(line.substr(blank));
  // What stands in JSON is for the step itself to read.
  const bool raw = step.verb == "telemetry" || step.verb == "json" || step.verb == "env";
  if (!raw) step.words = words_of_line(step.rest);
  return step;
}

}  // namespace

const Word* Step::find(std::string_view name) const {
  const auto it = std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.name == name; });
  return it == words.end() ? nullptr : &*it;
}

std::string Step::value(std::string_view name, std::string_view otherwise) const {
  const Word* word = find(name);
  return word ? word->value : std::string(otherwise);
}

std::string Step::plain(std::size_t n) const {
  for (const Word& word : words)
    if (word.sign == 0 && n-- == 0) return word.value;
  return {};
}

bool Step::has_plain(std::string_view wanted) const {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.sign == 0 && word.value == wanted; });
}

std::vector<Word> words_of_line(std::string_view line) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t')
      ++at;
    else
      words.push_back(word_at(line, at));
  }
  return words;
}

std::vector<Step> read_scenario(std::string_view text) {
  std::vector<Step> steps;
  unsigned number = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::string line(trimmed(line_at(text, at)));
    const unsigned begin = ++number;
    if (line.empty() || line[0] == '#') continue;
    try {
      std::string block;
      if (const std::size_t mark = line.rfind(" <<"); mark != std::string::npos) {
        block = text_until(text, at, number, line.substr(mark + 3));
        line = trimmed(std::string_view(line).substr(0, mark));
      }
      steps.push_back(step_of(line));
      steps.back().text = std::move(block);
      steps.back().line = begin;
    } catch (const LabError& error) {
      throw LabError("line " + std::to_string(begin) + ": " + error.what());
    }
  }
  return steps;
}

}  // namespace lab
