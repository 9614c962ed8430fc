#include "plugin/plugin_set.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/invariant.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "plugin/resume.hpp"

namespace agent {
namespace {

constexpr unsigned kReleaseRoundsMax =
    64;  // of next_records in one go, so that a plugin that never ends cannot hold the loop
constexpr unsigned kDeliveryRoundsMax = 8;  // samples that beget samples

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Sorted, so that the order of the directory does not matter.
std::vector<std::string> shared_objects(const std::string& directory) {
  std::vector<std::string> names;
  DIR* handle = ::opendir(directory.c_str());
  if (!handle) return names;
  while (const dirent* entry = ::readdir(handle)) {
    const std::string_view name = entry->d_name;
    if (name.size() > 3 && name.substr(name.size() - 3) == ".so" && name.front() != '.') names.emplace_back(name);
  }
  ::closedir(handle);
  std::sort(names.begin(), names.end());
  return names;
}

// What a library does when it is mapped, and its entry, are a plugin's code, too.
Result<Library> open_marked(const std::string& path, std::uint32_t row) {
  const CallMark mark(row, "load");
  return load_library(path);
}

bool is_directory(const std::string& path) {
  struct stat file {};
  return ::stat(path.c_str(), &file) == 0 && S_ISDIR(file.st_mode);
}

}  // namespace

PluginSet::PluginSet(Counters& counters) : counters_(counters) {}

PluginSet::~PluginSet() { destroy(); }

void PluginSet::destroy() {
  for (auto it = chain_.rbegin(); it != chain_.rend(); ++it) it->reset();
  chain_.clear();
  by_index_.clear();
}

void PluginSet::reject(std::string sentence) {
  log_error(sentence);
  refusals_.push_back(std::move(sentence));
}

void PluginSet::load(const std::vector<std::string>& directories, const std::vector<std::string>& disabled) {
  for (const std::string& directory : directories)
    if (is_directory(directory)) return load_directory(directory, disabled);
  std::string tried;
  for (const std::string& directory : directories) tried += cat(tried.empty() ? "" : ", ", directory);
  reject(cat("there is no plugin directory (looked for ", tried,
             "); set plugins.directory (DD_PLUGINS_DIRECTORY) or deploy the plugins there"));
}

void PluginSet::load_directory(const std::string& directory, const std::vector<std::string>& disabled) {
  for (const std::string& name : shared_objects(directory)) {
    const std::string_view stem = std::string_view(name).substr(0, name.size() - 3);
    if (contains(disabled, stem)) {
      not_opened_.emplace_back(stem);
      continue;
    }
    if (by_index_.size() >= limits::kPluginsMax)
      return reject(cat("plugin ", name, " and those after it are refused: more than ", limits::kPluginsMax,
                        " plugins; deploy fewer"));
    const std::string path = cat(directory, "/", name);
    const std::uint32_t row = resume_row(path);
    if (is_out(row)) {
      not_opened_.emplace_back(stem);
      refusals_.push_back(cat("plugin ", path, " is out for this sandbox: it has crashed or never returned twice"));
      continue;
    }
    Result<Library> library = open_marked(path, row);
    if (!library)
      reject(std::move(library.error().text));
    else if (contains(disabled, from_sls(library->table.id)))
      not_opened_.emplace_back(from_sls(library->table.id));
    else
      add(*std::move(library));
  }
}

void PluginSet::adopt(const sls_plugin* table, std::string origin) {
  Result<Library> library = adopt_table(table, std::move(origin));
  if (!library) return reject(std::move(library.error().text));
  add(*std::move(library));
}

void PluginSet::add(Library library) {
  const std::string_view id = from_sls(library.table.id);
  for (const Plugin* other : by_index_)
    if (other->id() == id)
      return reject(cat("plugin ", library.path, " is refused: its id ", id, " is that of ", other->path(),
                        "; deploy one of the two"));
  if (id == "host")
    return reject(cat("plugin ", library.path, " is refused: the id \"host\" is the agent's own; ask its author"));
  chain_.push_back(std::make_unique<Plugin>(std::move(library), by_index_.size(), counters_, posted_));
  by_index_.push_back(chain_.back().get());
  has_work_.push_back(0);
}

void PluginSet::resolve(const Sources& sources, Findings& findings) {
  for (Plugin* plugin : by_index_) {
    plugin->values() = sources.resolve(plugin->option_table(), findings);
    if (!is_enabled(plugin->values())) plugin->switch_off();
  }
}

void PluginSet::put_in_order(const std::vector<std::string>& order) {
  const auto rank = [&](const Plugin& plugin) {
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), plugin.id()) - order.begin());
  };
  std::stable_sort(chain_.begin(), chain_.end(), [&](const auto& a, const auto& b) {
    const bool a_edits = a->table().stage == SLS_STAGE_EDIT, b_edits = b->table().stage == SLS_STAGE_EDIT;
    if (a_edits != b_edits) return a_edits;
    if (rank(*a) != rank(*b)) return rank(*a) < rank(*b);
    return a->id() < b->id();
  });
}

void PluginSet::create(const std::function<void(const Plugin&, sls_sandbox&)>& view_for) {
  for (const auto& plugin : chain_) {
    if (plugin->state() != PluginState::kLoaded) continue;
    sls_sandbox sandbox{};
    sandbox.size = sizeof sandbox;
    view_for(*plugin, sandbox);
    plugin->create(sandbox);
  }
}

std::vector<std::string> PluginSet::names() const {
  std::vector<std::string> names = not_opened_;
  for (const Plugin* plugin : by_index_) names.push_back(plugin->id());
  return names;
}

std::uint32_t PluginSet::telemetry_kinds() const {
  std::uint32_t kinds = 0;
  for (const Plugin* plugin : by_index_)
    if (plugin->running()) kinds |= plugin->interests().telemetry_kinds;
  return kinds;
}

void PluginSet::note_intake(Plugin& plugin) {
  plugin.note_accounts();
  if (!plugin.table().work || has_work_[plugin.index()] || !plugin.running()) return;
  has_work_[plugin.index()] = 1;
  if (wake_) wake_();
}

// Walks the chain from position `from` on over one batch. What one plugin replaced, the next sees replaced.
void PluginSet::run_chain(std::size_t from, sls_telemetry& batch, std::size_t bytes, Stopwatch& watch) {
  for (std::size_t i = from; i < chain_.size(); ++i) {
    Plugin& plugin = *chain_[i];
    if (!plugin.table().on_telemetry || !plugin.running()) continue;
    const bool last = i + 1 == chain_.size();
    if (!last) {
      texts_before_.clear();
      for (std::size_t r = 0; r < batch.count; ++r) texts_before_.push_back(batch.records[r].text);
    }
    plugin.call(watch, "on_telemetry", plugin.table().on_telemetry, bytes, &batch);
    if (!last)
      for (std::size_t r = 0; r < batch.count; ++r) {
        sls_record& record = batch.records[r];
        if (record.text.data != texts_before_[r].data || record.text.len != texts_before_[r].len) record.json = {};
      }
    note_intake(plugin);
  }
}

void PluginSet::on_telemetry(std::vector<sls_record>& records, std::int64_t now_ns, std::size_t bytes) {
  Stopwatch watch;
  sls_telemetry batch{sizeof batch, sizeof(sls_record), records.size(), records.data(), now_ns};
  run_chain(0, batch, bytes, watch);
  release_records(now_ns, watch);
  deliver_posted();
}

// Records that a plugin held back go on behind it.
void PluginSet::release_records(std::int64_t now_ns, Stopwatch& watch) {
  for (std::size_t i = 0; i < chain_.size(); ++i) {
    Plugin& plugin = *chain_[i];
    if (!plugin.table().next_records) continue;
    for (unsigned round = 0; round < kReleaseRoundsMax; ++round) {
      sls_telemetry released{sizeof released, sizeof(sls_record), 0, nullptr, now_ns};
      if (plugin.call(watch, "next_records", plugin.table().next_records, 0, &released) != SLS_OK) break;
      if (released.count == 0 || !released.records || released.stride != sizeof(sls_record)) break;
      released.now_ns = now_ns;
      run_chain(i + 1, released, released.count * sizeof(sls_record), watch);
    }
  }
}

void PluginSet::on_invocation(sls_invocation step, ReplyHeaders* reply) {
  Stopwatch watch;
  for (const auto& plugin : chain_) {
    if (!plugin->table().on_invocation || !plugin->running()) continue;
    step.reply = {};
    plugin->call(watch, "on_invocation", plugin->table().on_invocation, step.payload.len, &step);
    note_intake(*plugin);
    if (!reply) continue;
    for (std::size_t i = 0; step.reply.items && i < step.reply.count; ++i) {
      const std::string_view header = from_sls(step.reply.items[i].key);
      const bool taken =
          std::any_of(reply->begin(), reply->end(), [&](const auto& set) { return iequals(set.first, header); });
      if (!taken && !header.empty()) reply->emplace_back(header, from_sls(step.reply.items[i].value));
    }
  }
  release_records(step.now_ns, watch);
  deliver_posted();
}

sls_status PluginSet::on_request(std::size_t index, const sls_request& request, sls_response& response) {
  Plugin& plugin = at(index);
  Stopwatch watch;
  const sls_status status =
      plugin.call(watch, "on_request", plugin.table().on_request, request.body.len, &request, &response);
  note_intake(plugin);
  deliver_posted();
  return status;
}

void PluginSet::on_packets(std::size_t index, const sls_packets& packets, std::size_t bytes) {
  Plugin& plugin = at(index);
  Stopwatch watch;
  plugin.call(watch, "on_packets", plugin.table().on_packets, bytes, &packets);
  note_intake(plugin);
  deliver_posted();
}

void PluginSet::on_tick(std::size_t index, std::int64_t now_ns) {
  Plugin& plugin = at(index);
  Stopwatch watch;
  plugin.call(watch, "on_tick", plugin.table().on_tick, 0, now_ns);
  note_intake(plugin);
  deliver_posted();
}

sls_status PluginSet::next_payload(std::size_t index, const sls_flush& flush, sls_payload& payload) {
  Plugin& plugin = at(index);
  Stopwatch watch;
  payload = {};
  payload.size = sizeof payload;
  // What a payload holds was not passed to the plugin, but making it is work of its size.
  const std::size_t pending = static_cast<std::size_t>(plugin.accounts().pending_bytes);
  const sls_status status = plugin.call(watch, "next_payload", plugin.table().next_payload,
                                        std::min<std::size_t>(pending, limits::kPayloadBytesMax), &flush, &payload);
  deliver_posted();
  return status;
}

void PluginSet::on_delivery(std::size_t index, const sls_delivery& delivery) {
  Plugin& plugin = at(index);
  Stopwatch watch;
  plugin.call(watch, "on_delivery", plugin.table().on_delivery, 0, &delivery);
  deliver_posted();
}

bool PluginSet::has_work() const { return std::find(has_work_.begin(), has_work_.end(), 1) != has_work_.end(); }

bool PluginSet::work_one() {
  for (std::size_t tried = 0; tried < by_index_.size(); ++tried) {
    Plugin& plugin = *by_index_[next_worker_];
    const std::size_t index = next_worker_;
    next_worker_ = (next_worker_ + 1) % by_index_.size();
    if (!has_work_[index]) continue;
    Stopwatch watch;
    // A unit of work has the budget of a call with a megabyte.
    const sls_status status = plugin.call(watch, "work", plugin.table().work, 1 << 20);
    if (status != SLS_OK) has_work_[index] = 0;
    plugin.note_accounts();
    deliver_posted();
    return true;
  }
  return false;
}

// Samples go to every plugin that takes samples, notes to every other plugin that takes notes.
void PluginSet::deliver_posted() {
  if (delivering_ || posted_.empty()) return;
  delivering_ = true;
  Stopwatch watch;
  for (unsigned round = 0; round < kDeliveryRoundsMax && !posted_.empty(); ++round) {
    std::vector<sls_pair> tags;
    for (const PostedSample& posted : posted_.take_samples()) {
      tags.clear();
      for (const auto& [key, value] : posted.tags) tags.push_back({to_sls(key), to_sls(value)});
      const sls_sample sample{sizeof sample, posted.type,    to_sls(posted.name),
                              posted.value,  posted.time_ns, {tags.data(), tags.size()}};
      for (const auto& plugin : chain_)
        if (plugin->table().on_sample) {
          plugin->call(watch, "on_sample", plugin->table().on_sample, 0, &sample);
          note_intake(*plugin);
        }
    }
    for (const PostedNote& posted : posted_.take_notes()) {
      const sls_note note{sizeof note, 0, to_sls(posted.request_id), to_sls(posted.key), to_sls(posted.value)};
      for (const auto& plugin : chain_)
        if (plugin->index() != posted.from && plugin->table().on_note) {
          plugin->call(watch, "on_note", plugin->table().on_note, 0, &note);
          note_intake(*plugin);
        }
    }
  }
  delivering_ = false;
}

}  // namespace agent
