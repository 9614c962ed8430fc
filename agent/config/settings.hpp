// Settings: rows in, resolved values with their origins out.
//
// The host's settings and every plugin's options are rows of the same type (sls_option). From a table of rows come the
// typed values, the readers of datadog.yaml and of the environment, docs/settings.md, configs/datadog.full.yaml and the
// warnings about unknown keys. Precedence: environment, then datadog.yaml, then the row's fallback; each field stands
// alone: a value that cannot be used gives one finding and the next source's value, and its neighbours live. Values of
// the environment are raw text; an empty variable counts as not set.
//
// This room knows no plugin and no product. Called by agent/agent at start-up only; nothing here runs later.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "sls/plugin.h"

namespace agent {

// What an operator must know about a setting: one sentence with what was found, where, what was wanted, and the nearest
// valid name. Values of SECRET rows and the user part of URLs are never in it.
struct Finding {
  Level level = Level::kWarn;
  std::string text;
};

class Findings {
 public:
  void add(Level level, std::string text);  // beyond kFindingsShownMax only counted
  const std::vector<Finding>& all() const { return all_; }
  std::size_t suppressed() const { return suppressed_; }
  // Writes to the log what was not written yet; at the end one line for those that were only counted.
  void report();

 private:
  std::vector<Finding> all_;
  std::size_t suppressed_ = 0;
  std::size_t reported_ = 0, suppressed_reported_ = 0;
};

struct Origin {
  enum class Kind { kDefault, kFile, kEnvironment };
  Kind kind = Kind::kDefault;
  std::string where = "default";  // "/var/task/datadog.yaml:12:5", "DD_ENV", "default"
};

// One row's value. `text` is canonical: true/false, decimal numbers, seconds or microseconds for durations; JSON for
// csv (array of strings), key_values (array of "k:v" strings), list, map and json.
struct Value {
  const sls_option* row = nullptr;  // of the table, which must live as long
  bool present = false;             // false: no source and no fallback
  std::string text;
  Origin origin;
};

// A value for people's eyes (GET /status): hidden where the row is SECRET, without what looks like a credential, cut.
std::string shown(const Value& value);

// A table of rows with its owner: "host", or the id of a plugin (whose rows without names get plugins.<id>.<key> and
// DD_PLUGINS_<ID>_<KEY>). Copies the rows, so that a library's older, shorter structs become whole ones; texts are
// borrowed.
class OptionTable {
 public:
  OptionTable(std::string owner, const sls_option* rows, std::size_t count);

  const std::string& owner() const { return owner_; }
  std::span<const sls_option> rows() const { return rows_; }
  // Dotted yaml paths and variable names of a row, in the order in which they win.
  static std::vector<std::string> yaml_paths(const OptionTable& table, const sls_option& row);
  static std::vector<std::string> env_names(const OptionTable& table, const sls_option& row);

 private:
  std::string owner_;
  std::vector<sls_option> rows_;
};

// The values of one table.
class Resolved {
 public:
  const Value* find(std::string_view key) const;
  // The value as its type; the given one where the row has no value. Asking for an unknown key is a broken invariant.
  std::string_view text(std::string_view key) const;
  bool flag(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t otherwise = 0) const;
  double number(std::string_view key, double otherwise = 0) const;
  std::vector<std::string> list(std::string_view key) const;                           // csv, list of texts
  std::vector<std::pair<std::string, std::string>> pairs(std::string_view key) const;  // key_values

  const std::vector<Value>& values() const { return values_; }
  // Rows marked PROTECTS whose source was there and could not be read: key, why.
  const std::vector<std::pair<std::string, std::string>>& unreadable() const { return unreadable_; }

  std::vector<Value> values_;
  std::vector<std::pair<std::string, std::string>> unreadable_;
};

struct YamlDocument;  // config/yaml_source.hpp

// Where values come from: the environment as it is, and datadog.yaml. Reading never fails: what is wrong is a finding.
class Sources {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  // The process's environment, and $LAMBDA_TASK_ROOT/datadog.yaml (default /var/task). A missing file is no finding.
  static Sources from_process(Environment environment, Findings& findings);
  static Sources from(Environment environment, std::string yaml_path, Findings& findings);
  // The same, for a datadog.yaml that is in memory; the path is only shown.
  static Sources from_text(Environment environment, std::string yaml_path, std::string_view yaml, Findings& findings);
  Sources(Sources&&) noexcept;
  Sources& operator=(Sources&&) noexcept;
  ~Sources();

  // A variable's text. DD_X falls back to DATADOG_X; names are compared without regard to case. nullopt: not set or
  // empty.
  std::optional<std::string_view> variable(std::string_view name) const;
  const Environment& environment() const { return environment_; }
  const YamlDocument& yaml() const { return *yaml_; }
  // The ids under `plugins:` in datadog.yaml that are maps (for the warning about unknown plugins).
  std::vector<std::string> plugin_sections() const;

  Resolved resolve(const OptionTable& table, Findings& findings) const;

  // Keys of datadog.yaml and DD_* variables that no row names, each with the nearest valid name; ids under `plugins:`
  // that are not among `plugin_ids`. Keys that are valid for the ordinary Datadog Agent or for tracing libraries but
  // mean nothing here (config/foreign_names) are passed over silently.
  void report_unknown(std::span<const OptionTable* const> tables, std::span<const std::string> plugin_ids,
                      Findings& findings) const;

 private:
  Sources(Environment environment, std::unique_ptr<YamlDocument> yaml);

  Environment environment_;
  std::unique_ptr<YamlDocument> yaml_;
};

// Whether a plugin is on: the OR of its ENABLES rows that are set in the environment, else in the file, else of their
// fallbacks; true where it has none.
bool is_enabled(const Resolved& options);

// The host's own rows (config/settings_table.cpp) and their typed values.
const OptionTable& host_table();

struct Settings {
  std::string site;     // validated; datadoghq.com when empty or unusable
  std::string api_key;  // trimmed; empty: none (also when it holds bytes that no header may hold)
  std::string app_key;
  std::string env, service, version;  // as given; service in lower case
  std::vector<std::pair<std::string, std::string>> tags;
  std::string log_level;
  std::string bind_host;                // where the host's own routes listen; 127.0.0.1
  std::uint16_t lifecycle_port = 8124;  // 0: the kernel chooses (tests)
  std::string flush_strategy;           // raw; lifecycle/flush_strategy reads it
  std::chrono::nanoseconds flush_timeout{};
  int compression_level = 0;
  std::string proxy_https;
  std::vector<std::string> no_proxy;
  std::string tls_cert_file;
  bool skip_ssl_validation = false;
  std::size_t spool_bytes = 0;
  std::string spool_directory;
  std::vector<std::string> plugin_directories;  // the configured one, or: beside the agent's own file, then /opt/…
  std::vector<std::string> plugin_order;
  std::vector<std::string> plugins_disabled;
};

Settings make_settings(const Resolved& host, const Sources& sources, std::string_view own_directory,
                       Findings& findings);

}  // namespace agent
