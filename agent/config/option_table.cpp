#include <algorithm>
#include <cstring>

#include "config/option_names.hpp"
#include "config/settings.hpp"

namespace agent {
namespace {

std::vector<std::string> parts(std::string_view names) {
  std::vector<std::string> out;
  each_name(names, [&](std::string_view name) { out.emplace_back(name); });
  return out;
}

}  // namespace

OptionTable::OptionTable(std::string owner, const sls_option* rows, std::size_t count) : owner_(std::move(owner)) {
  if (rows == nullptr || count == 0) return;
  const std::size_t stride = rows[0].size;
  if (stride == 0) return;
  rows_.resize(count);
  const char* at = reinterpret_cast<const char*>(rows);
  for (sls_option& row : rows_) {
    std::memset(&row, 0, sizeof row);
    std::memcpy(&row, at, std::min(stride, sizeof row));
    at += stride;
  }
}

std::vector<std::string> OptionTable::yaml_paths(const OptionTable& table, const sls_option& row) {
  if (row.yaml.len == 0) return {default_yaml_path(table.owner(), view(row.key))};
  return parts(view(row.yaml));
}

std::vector<std::string> OptionTable::env_names(const OptionTable& table, const sls_option& row) {
  if (row.env.len == 0) return {default_env_name(table.owner(), view(row.key))};
  return parts(view(row.env));
}

std::string default_yaml_path(std::string_view owner, std::string_view key) { return cat("plugins.", owner, ".", key); }

std::string default_env_name(std::string_view owner, std::string_view key) {
  std::string name = cat("DD_PLUGINS_", owner, "_", key);
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    if (c == '-' || c == '.') c = '_';
  }
  return name;
}

}  // namespace agent
