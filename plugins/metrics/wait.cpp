#include "wait.hpp"

#include <algorithm>
#include <utility>

namespace metrics {

bool Contexts::add(std::string_view name, std::vector<std::string> tags, SeriesKind kind, double value,
                   std::uint64_t items) {
  std::sort(tags.begin(), tags.end());
  std::string key(1, static_cast<char>(kind));
  key.append(name);
  for (const std::string& tag : tags) key.append(1, '\0').append(tag);
  auto at = contexts_.find(key);
  if (at == contexts_.end()) {
    if (contexts_.size() >= kContextsMax || bytes_ + key.size() > kContextBytesMax) return false;
    bytes_ += key.size();
    at = contexts_.emplace(std::move(key), Context{std::string(name), std::move(tags), kind, 0, 0}).first;
  }
  Context& context = at->second;
  context.value = kind == SeriesKind::kCount ? context.value + value : value;
  context.items += items;
  items_ += items;
  return true;
}

std::vector<Context> Contexts::take(std::size_t count) {
  std::vector<Context> out;
  out.reserve(std::min(count, contexts_.size()));
  while (!contexts_.empty() && out.size() < count) {
    const auto at = contexts_.begin();
    bytes_ -= at->first.size();
    items_ -= at->second.items;
    out.push_back(std::move(at->second));
    contexts_.erase(at);
  }
  return out;
}

}  // namespace metrics
