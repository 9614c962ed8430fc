#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "config/environment_source.hpp"
#include "config/foreign_names.hpp"
#include "config/option_names.hpp"
#include "config/settings.hpp"
#include "config/shown.hpp"
#include "config/yaml_source.hpp"

namespace agent {
namespace {

constexpr std::string_view kPluginPrefix = "DD_PLUGINS_";

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  return out;
}

bool has(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

// One walk over datadog.yaml and one over the environment.
class UnknownNames {
 public:
  UnknownNames(const Sources& sources, std::span<const OptionTable* const> tables,
               std::span<const std::string> plugin_ids, Findings& findings)
      : document_(sources.yaml()), findings_(findings), ids_(plugin_ids.begin(), plugin_ids.end()) {
    for (const OptionTable* table : tables)
      for (const sls_option& row : table->rows()) {
        for (std::string& path : OptionTable::yaml_paths(*table, row)) path_texts_.push_back(std::move(path));
        for (std::string& name : OptionTable::env_names(*table, row)) variable_texts_.push_back(upper(name));
      }
    add_sections();
    paths_ = views(path_texts_);
    sections_ = views(section_texts_);
    variables_ = views(variable_texts_);
    path_candidates_ = paths_;
    path_candidates_.insert(path_candidates_.end(), sections_.begin(), sections_.end());
  }

  void check_yaml() {
    if (document_.tree.empty()) return;
    walk(document_.tree.root(), {});
  }

  void check_variable(std::string_view given) {
    std::string name = upper(given);
    if (name.starts_with(kLongPrefix)) name = cat(kPrefix, name.substr(kLongPrefix.size()));
    if (!name.starts_with(kPrefix) || has(variables_, name)) return;
    const Foreign foreign = foreign_variable(name, variables_);
    if (foreign == Foreign::kSilent || of_plugin_without_table(name)) return;
    if (foreign == Foreign::kUnsupported) return unsupported({}, given);
    const std::string_view near = nearest_of(name, variables_);
    // A variable that resembles nothing is somebody else's; only our own corner of the names is ours to judge.
    const bool ours = !near.empty() || name.starts_with(kPluginPrefix);
    findings_.add(ours ? Level::kWarn : Level::kDebug, cat(shown_text(given), " is not known", suggestion(near)));
  }

 private:
  void add_sections() {
    for (const std::string& path : path_texts_)
      for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
        const std::string_view section = std::string_view(path).substr(0, dot);
        if (std::find(section_texts_.begin(), section_texts_.end(), section) == section_texts_.end())
          section_texts_.emplace_back(section);
      }
    if (std::find(section_texts_.begin(), section_texts_.end(), "plugins") == section_texts_.end())
      section_texts_.emplace_back("plugins");
  }

  // As deep as the rows' names, no deeper.
  void walk(const YamlNode& map, const std::string& prefix) {
    const YamlTree& tree = document_.tree;
    if (map.kind != YamlNode::Kind::kMap) return;
    tree.each(map, [&](const YamlNode& key, const YamlNode& content) {
      const std::string path = prefix + tree.followed(key).text;
      if (has(paths_, path)) return;
      if (has(sections_, path))
        check_section(path, key, tree.followed(content));
      else if (prefix == "plugins.")
        check_plugin(tree.followed(key).text, key);
      else
        check_key(path, key);
    });
  }

  void check_section(const std::string& path, const YamlNode& key, const YamlNode& content) {
    if (content.kind == YamlNode::Kind::kMap) return walk(content, path + ".");
    if (content.kind == YamlNode::Kind::kNull) return;
    findings_.add(Level::kWarn, cat(document_.where(key.mark), ": ", path, " is ",
                                    content.kind == YamlNode::Kind::kSequence ? "a list" : "a text",
                                    "; wanted a map of settings; it is ignored"));
  }

  void check_plugin(const std::string& id, const YamlNode& key) {
    if (has(ids_, id)) return;  // it is not opened, so its options are not known
    findings_.add(Level::kWarn, cat(document_.where(key.mark), ": plugins.", shown_text(id), ": there is no plugin ",
                                    shown_text(id), suggestion(nearest_of(id, ids_))));
  }

  void check_key(const std::string& path, const YamlNode& key) {
    switch (foreign_yaml(path, paths_)) {
      case Foreign::kSilent: return;
      case Foreign::kUnsupported: return unsupported(cat(document_.where(key.mark), ": "), path);
      case Foreign::kNo: break;
    }
    findings_.add(Level::kWarn, cat(document_.where(key.mark), ": ", shown_text(path), " is not known",
                                    suggestion(nearest_of(path, path_candidates_))));
  }

  void unsupported(std::string_view where, std::string_view name) {
    findings_.add(Level::kWarn, cat(where, name, " is not supported by this agent and has no effect"));
  }

  bool of_plugin_without_table(std::string_view name) const {
    return std::any_of(ids_.begin(), ids_.end(), [&](std::string_view id) {
      const std::string prefix = default_env_name(id, "");
      return name.starts_with(prefix) && std::none_of(variables_.begin(), variables_.end(), [&](std::string_view mine) {
               return mine.starts_with(prefix);
             });
    });
  }

  // Not for findings that nobody will see: a file may hold ten thousand unknown names.
  std::string_view nearest_of(std::string_view name, std::span<const std::string_view> candidates) const {
    if (findings_.all().size() >= limits::kFindingsShownMax || name.size() > kNameBytesMax) return {};
    return nearest(name, candidates);
  }

  static std::string suggestion(std::string_view near) {
    return near.empty() ? std::string("; it is ignored") : cat("; did you mean ", near, "?");
  }

  static constexpr std::size_t kNameBytesMax = 200;

  const YamlDocument& document_;
  Findings& findings_;
  std::vector<std::string_view> ids_;
  std::vector<std::string> path_texts_, section_texts_, variable_texts_;
  std::vector<std::string_view> paths_, sections_, variables_, path_candidates_;
};

}  // namespace

void Sources::report_unknown(std::span<const OptionTable* const> tables, std::span<const std::string> plugin_ids,
                             Findings& findings) const {
  UnknownNames names(*this, tables, plugin_ids, findings);
  names.check_yaml();
  for (const auto& [name, text] : environment_)
    if (!text.empty()) names.check_variable(name);
}

}  // namespace agent
