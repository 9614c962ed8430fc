// Samples and notes that plugins post during a call: copied, bounded (kPostedFactsMax), delivered after the call.
//
// Filled by the host table, emptied by plugin_set. The texts of a fact lie in one buffer of its own.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sls/plugin.h"

namespace agent {

struct PostedSample {
  std::size_t from = 0;  // index of the plugin that posted it
  std::uint32_t type = 0;
  std::string name;
  double value = 0;
  std::int64_t time_ns = 0;
  std::vector<std::pair<std::string, std::string>> tags;
};

struct PostedNote {
  std::size_t from = 0;
  std::string request_id, key, value;
};

class PostedFacts {
 public:
  // False: full, the fact is dropped (the caller counts it).
  bool add(std::size_t from, const sls_sample& sample);
  bool add(std::size_t from, const sls_note& note);

  bool empty() const { return samples_.empty() && notes_.empty(); }
  std::vector<PostedSample> take_samples() { return std::exchange(samples_, {}); }
  std::vector<PostedNote> take_notes() { return std::exchange(notes_, {}); }

 private:
  std::vector<PostedSample> samples_;
  std::vector<PostedNote> notes_;
};

}  // namespace agent
