#include <algorithm>
#include <utility>

#include "config/environment_source.hpp"
#include "config/option_names.hpp"
#include "config/settings.hpp"
#include "config/shown.hpp"
#include "config/value_text.hpp"
#include "config/yaml_source.hpp"

namespace agent {
namespace {

// Finds one row's value: asks one source after the other, and says in one finding per rejected value what was
// there, what was wanted, and what is used instead.
class RowReader {
 public:
  // `long_names`: a variable of the environment begins with DATADOG_.
  RowReader(const Sources& sources, const OptionTable& table, const sls_option& row, bool long_names)
      : sources_(sources), table_(table), row_(row), long_names_(long_names) {
    value_.row = &row;
  }

  Value read(Findings& findings) {
    from_environment();
    from_yaml();
    from_fallback(findings);
    report(findings);
    return std::move(value_);
  }

  // Why a row that protects data cannot be trusted to hold what the operator wanted; empty: it can.
  std::string unreadable() const {
    if (!rejected_.empty()) return cat(rejected_.front().where, ": wanted ", wanted(row_));
    if (!yaml_lost_ || value_.origin.kind == Origin::Kind::kEnvironment) return {};
    return cat(sources_.yaml().path, ": ", sources_.yaml().why);
  }

 private:
  struct Rejected {
    std::string where, found;
  };

  void from_environment() {
    const auto ask = [&](std::string_view name) {
      if (value_.present) return;
      if (const auto text = find_exactly(sources_.environment(), name))
        take(convert_text(row_, *text), Origin::Kind::kEnvironment, std::string(name));
    };
    const auto ask_long = [&](std::string_view name) {
      if (name.substr(0, kPrefix.size()) == kPrefix) ask(cat(kLongPrefix, name.substr(kPrefix.size())));
    };
    const std::string own = row_.env.len == 0 ? default_env_name(table_.owner(), view(row_.key)) : std::string();
    const std::string_view names = row_.env.len == 0 ? std::string_view(own) : view(row_.env);
    each_name(names, ask);
    if (long_names_) each_name(names, ask_long);
  }

  void from_yaml() {
    const std::string own = row_.yaml.len == 0 ? default_yaml_path(table_.owner(), view(row_.key)) : std::string();
    const YamlDocument& document = sources_.yaml();
    each_name(row_.yaml.len == 0 ? std::string_view(own) : view(row_.yaml), [&](std::string_view path) {
      yaml_lost_ = yaml_lost_ || document.may_hold(path);
      if (value_.present) return;
      if (const YamlNode* node = document.tree.find(path))
        take(convert_yaml(row_, document.tree, *node), Origin::Kind::kFile, document.where(node->mark));
    });
  }

  void from_fallback(Findings& findings) {
    if (value_.present || row_.fallback.len == 0) return;
    Conversion made = convert_text(row_, view(row_.fallback));
    if (made.kind == Conversion::Kind::kUnusable)
      findings.add(Level::kError, cat(table_.owner(), ": the default of ", view(row_.key), " is \"", made.found,
                                      "\"; wanted ", wanted(row_)));
    if (made.kind != Conversion::Kind::kValue) return;
    value_.present = true;
    value_.text = std::move(made.text);
  }

  void take(Conversion made, Origin::Kind kind, std::string where) {
    for (const std::string& part : made.dropped) dropped_.push_back({where, part});
    if (made.kind == Conversion::Kind::kUnusable) rejected_.push_back({where, std::move(made.found)});
    if (made.kind != Conversion::Kind::kValue) return;
    value_.present = true;
    value_.text = std::move(made.text);
    value_.origin = {kind, std::move(where)};
  }

  void report(Findings& findings) const {
    for (const Rejected& entry : rejected_)
      findings.add(Level::kWarn, cat(entry.where, ": ", view(row_.key), " is ", quoted(entry.found), "; wanted ",
                                     wanted(row_), "; ", instead()));
    for (const Rejected& entry : dropped_)
      findings.add(Level::kWarn, cat(entry.where, ": ", view(row_.key), " holds ", quoted(entry.found),
                                     ", which is left out; wanted ", wanted(row_)));
  }

  bool secret() const { return (row_.flags & SLS_OPTION_SECRET) != 0; }

  std::string quoted(std::string_view text) const {
    return secret() ? std::string(kHidden) : cat('"', shown_text(text), '"');
  }

  std::string instead() const {
    if (!value_.present) return "it counts as not set";
    const std::string text = secret() || value_.text.empty() ? std::string() : cat(' ', shown_text(value_.text));
    if (value_.origin.kind == Origin::Kind::kDefault) return cat("the default", text, " is used");
    return cat("the value", text, " of ", value_.origin.where, " is used");
  }

  const Sources& sources_;
  const OptionTable& table_;
  const sls_option& row_;
  const bool long_names_;
  Value value_;
  bool yaml_lost_ = false;
  std::vector<Rejected> rejected_, dropped_;
};

bool has_long_names(const Sources::Environment& environment) {
  return std::any_of(environment.begin(), environment.end(), [](const auto& variable) {
    return iequals(std::string_view(variable.first).substr(0, kLongPrefix.size()), kLongPrefix);
  });
}

}  // namespace

Sources::Sources(Environment environment, std::unique_ptr<YamlDocument> yaml)
    : environment_(std::move(environment)), yaml_(std::move(yaml)) {}
Sources::Sources(Sources&&) noexcept = default;
Sources& Sources::operator=(Sources&&) noexcept = default;
Sources::~Sources() = default;

Sources Sources::from_process(Environment environment, Findings& findings) {
  const std::string root(find_variable(environment, "LAMBDA_TASK_ROOT").value_or("/var/task"));
  return from(std::move(environment), cat(root, "/datadog.yaml"), findings);
}

Sources Sources::from(Environment environment, std::string yaml_path, Findings& findings) {
  return Sources(std::move(environment),
                 std::make_unique<YamlDocument>(read_yaml_file(std::move(yaml_path), findings)));
}

Sources Sources::from_text(Environment environment, std::string yaml_path, std::string_view yaml, Findings& findings) {
  return Sources(std::move(environment),
                 std::make_unique<YamlDocument>(read_yaml_text(std::move(yaml_path), yaml, findings)));
}

std::optional<std::string_view> Sources::variable(std::string_view name) const {
  return find_variable(environment_, name);
}

std::vector<std::string> Sources::plugin_sections() const {
  std::vector<std::string> ids;
  const YamlNode* plugins = yaml_->tree.find("plugins");
  const YamlTree& tree = yaml_->tree;
  if (plugins == nullptr || tree.followed(*plugins).kind != YamlNode::Kind::kMap) return ids;
  tree.each(tree.followed(*plugins), [&](const YamlNode& key, const YamlNode& content) {
    if (tree.followed(content).kind == YamlNode::Kind::kMap) ids.push_back(tree.followed(key).text);
  });
  return ids;
}

Resolved Sources::resolve(const OptionTable& table, Findings& findings) const {
  Resolved resolved;
  const bool long_names = has_long_names(environment_);
  resolved.values_.reserve(table.rows().size());
  for (const sls_option& row : table.rows()) {
    RowReader reader(*this, table, row, long_names);
    resolved.values_.push_back(reader.read(findings));
    if ((row.flags & SLS_OPTION_PROTECTS) == 0) continue;
    if (std::string why = reader.unreadable(); !why.empty())
      resolved.unreadable_.emplace_back(std::string(view(row.key)), std::move(why));
  }
  return resolved;
}

}  // namespace agent
