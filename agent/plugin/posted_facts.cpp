#include "plugin/posted_facts.hpp"

#include "base/limits.hpp"

namespace agent {
namespace {

std::string copy(sls_str text) { return text.data ? std::string(text.data, text.len) : std::string(); }

}  // namespace

bool PostedFacts::add(std::size_t from, const sls_sample& sample) {
  if (samples_.size() + notes_.size() >= limits::kPostedFactsMax) return false;
  PostedSample& posted = samples_.emplace_back();
  posted.from = from;
  posted.type = sample.type;
  posted.name = copy(sample.name);
  posted.value = sample.value;
  posted.time_ns = sample.time_ns;
  posted.tags.reserve(sample.tags.count);
  for (std::size_t i = 0; i < sample.tags.count; ++i)
    posted.tags.emplace_back(copy(sample.tags.items[i].key), copy(sample.tags.items[i].value));
  return true;
}

bool PostedFacts::add(std::size_t from, const sls_note& note) {
  if (samples_.size() + notes_.size() >= limits::kPostedFactsMax) return false;
  notes_.push_back({from, copy(note.request_id), copy(note.key), copy(note.value)});
  return true;
}

}  // namespace agent
