#include "config/reference.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "config/option_names.hpp"
#include "config/value_text.hpp"

namespace agent {
namespace {

constexpr std::size_t kCommentWidth = 110;

std::string title(const OptionTable& table) {
  return table.owner() == "host" ? std::string("The agent") : cat("The plugin ", table.owner());
}

// "a, b" of the names of a row, each between two marks.
std::string joined(const std::vector<std::string>& names, std::string_view mark) {
  std::string out;
  for (const std::string& name : names) out += cat(out.empty() ? "" : ", ", mark, name, mark);
  return out;
}

std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string limits_of(const sls_option& row) {
  const std::string_view minimum = view(row.minimum);
  const std::string_view maximum = view(row.maximum);
  if (minimum.empty() && maximum.empty()) return {};
  if (maximum.empty()) return cat("at least ", minimum);
  if (minimum.empty()) return cat("at most ", maximum);
  return cat(minimum, " to ", maximum);
}

std::string remarks(const sls_option& row) {
  std::string out;
  if ((row.flags & SLS_OPTION_SECRET) != 0) out += " Its value is shown nowhere.";
  if ((row.flags & SLS_OPTION_ENABLES) != 0) out += " Switches the plugin on or off.";
  if ((row.flags & SLS_OPTION_PROTECTS) != 0)
    out += " Fails closed: when it cannot be read, what it protects is withheld.";
  return out;
}

void append_row(std::string& out, const OptionTable& table, const sls_option& row) {
  const std::string bounds = limits_of(row);
  const std::string fallback = row.fallback.len == 0 ? std::string("none") : cat('`', view(row.fallback), '`');
  out += cat("| ", joined(OptionTable::yaml_paths(table, row), "`"), " | ",
             joined(OptionTable::env_names(table, row), "`"), " | ", view(row.type),
             bounds.empty() ? std::string() : cat(", ", bounds), " | ", cell(fallback), " | ",
             cell(cat(view(row.about), remarks(row))), " |\n");
}

constexpr std::string_view kMarkdownHead =
    "# Settings\n\n"
    "This page is made from the tables of the agent and of its plugins by `./dev docs`.\n\n"
    "A variable of the environment wins over `datadog.yaml` (in the directory that `LAMBDA_TASK_ROOT` names, by "
    "default\n"
    "`/var/task`), and that over the default. Where a setting has several names, the first that is set counts. Names "
    "of\n"
    "variables may stand in any case, and with `DATADOG_` for `DD_`; then `DD_` wins. An empty variable and an empty "
    "list or\n"
    "map count as not set. A value that cannot be used costs one warning, which says where it stands, what was wanted "
    "and\n"
    "what is used instead; no other setting suffers.\n\n"
    "| type | in a variable | in `datadog.yaml` |\n"
    "|---|---|---|\n"
    "| bool | `true` or `false` in any case, `1`, `0`; `yes`, `no`, `on`, `off` are refused with a warning, and the "
    "default "
    "stays | the same |\n"
    "| int, uint, float | a decimal number | the same |\n"
    "| duration_s, duration_us | seconds, with a fraction if need be; whole microseconds | the same |\n"
    "| string, string_or_int | the text as it is, never guessed at: `1.10` stays `1.10` | a scalar, as it is spelt |\n"
    "| csv | `a, b` | a list, or the text of the variable |\n"
    "| key_values | `key:value` pairs, separated by commas or blanks; the last one of a key counts | a list of "
    "`key:value`, "
    "a map, or the text of the variable |\n"
    "| list | a JSON array, or `a, b` | a list |\n"
    "| map | a JSON object, or `key:value, key:value` | a map |\n"
    "| json | JSON | a list or a map; a text is taken for JSON |\n";

// One key of datadog.full.yaml with those below it.
struct Branch {
  std::string name;
  const OptionTable* table = nullptr;
  const sls_option* row = nullptr;
  std::vector<std::unique_ptr<Branch>> below;

  Branch& at(std::string_view child) {
    for (const auto& branch : below)
      if (branch->name == child) return *branch;
    below.push_back(std::make_unique<Branch>());
    below.back()->name = child;
    return *below.back();
  }
};

void plant(Branch& root, const OptionTable& table, const sls_option& row, std::string_view path) {
  Branch* branch = &root;
  while (true) {
    const std::size_t dot = path.find('.');
    branch = &branch->at(path.substr(0, dot));
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  branch->table = &table;
  branch->row = &row;
}

std::string example(const sls_option& row) {
  const std::string_view fallback = view(row.fallback);
  switch (option_type(row)) {
    case OptionType::kBool:
    case OptionType::kInt:
    case OptionType::kUint:
    case OptionType::kFloat:
    case OptionType::kSeconds:
    case OptionType::kMicros:
      if (!fallback.empty()) return std::string(fallback);
      if (row.minimum.len != 0) return std::string(view(row.minimum));
      return option_type(row) == OptionType::kBool ? "false" : "1";
    case OptionType::kString:
    case OptionType::kStringOrInt: return json_quoted(fallback);
    case OptionType::kCsv:
    case OptionType::kKeyValues:
      return convert_text(row, fallback).kind == Conversion::Kind::kValue ? convert_text(row, fallback).text
                                                                          : std::string("[]");
    case OptionType::kList: return fallback.empty() ? "[]" : convert_text(row, fallback).text;
    case OptionType::kMap: return fallback.empty() ? "{}" : convert_text(row, fallback).text;
    case OptionType::kJson: return fallback.empty() ? "[]" : std::string(fallback);
  }
  return "~";
}

// "## text" broken into lines, so that two marks are prose and one mark is a key.
void append_comment(std::string& out, std::string_view indent, std::string_view text) {
  while (!text.empty()) {
    std::size_t length = text.size();
    if (length > kCommentWidth) {
      length = text.rfind(' ', kCommentWidth);
      if (length == std::string_view::npos || length == 0) length = kCommentWidth;
    }
    out += cat("## ", indent, trim(text.substr(0, length)), "\n");
    text = trim(text.substr(length));
  }
}

void append_branches(std::string& out, const Branch& parent, const std::string& indent) {
  for (const auto& branch : parent.below) {
    if (indent.empty()) out += '\n';
    if (branch->row != nullptr) {
      const sls_option& row = *branch->row;
      append_comment(out, indent, cat(view(row.about), remarks(row)));
      const std::string bounds = limits_of(row);
      append_comment(out, indent,
                     cat("Type ", view(row.type), bounds.empty() ? std::string() : cat(", ", bounds), "; default ",
                         row.fallback.len == 0 ? std::string_view("none") : view(row.fallback), "; ",
                         joined(OptionTable::env_names(*branch->table, row), "")));
    }
    const std::string value =
        branch->row != nullptr && branch->below.empty() ? " " + example(*branch->row) : std::string();
    out += cat("# ", indent, branch->name, ":", value, "\n");
    append_branches(out, *branch, indent + "  ");
  }
}

constexpr std::string_view kYamlHead =
    "## Every setting of datadog.yaml, with its default. Made from the tables of the agent and of its plugins by\n"
    "## `./dev docs`. Lines with one mark are keys, lines with two are prose: take the mark from those that you need, "
    "and\n"
    "## from the sections that they stand in. docs/settings.md says how values are read.\n";

}  // namespace

std::string markdown_reference(std::span<const OptionTable* const> tables) {
  std::string out(kMarkdownHead);
  for (const OptionTable* table : tables) {
    if (table->rows().empty()) continue;
    out += cat("\n## ", title(*table),
               "\n\n| in datadog.yaml | variable | type | default | meaning |\n|---|---|---|---|---|\n");
    for (const sls_option& row : table->rows()) append_row(out, *table, row);
  }
  return out;
}

std::string yaml_reference(std::span<const OptionTable* const> tables) {
  // Rows of different owners may share a section (`plugins:`), and a map may hold a key but once.
  Branch root;
  for (const OptionTable* table : tables)
    for (const sls_option& row : table->rows()) plant(root, *table, row, OptionTable::yaml_paths(*table, row).front());
  std::string out(kYamlHead);
  append_branches(out, root, "");
  return out;
}

}  // namespace agent
