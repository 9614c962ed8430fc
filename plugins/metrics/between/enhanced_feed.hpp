// The enhanced metrics as the door sees them: the host's calls in, samples out.
//
// Reads records and steps into facts, keeps what is known of the sandbox, and asks the machine for the name of the
// runtime when the first invocation has come. It decides nothing about counting: that is between/enhanced. Where the
// metrics are switched off it asks the host for nothing and makes nothing. Called by plugin.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "between/enhanced.hpp"
#include "between/enhanced_options.hpp"
#include "sls/answers.hpp"

namespace metrics {

class EnhancedFeed {
 public:
  EnhancedFeed(const EnhancedOptions& options, const sls::Sandbox& sandbox);

  void ask(sls::Interests& want) const;
  void take(const sls::Telemetry& batch);
  void take(const sls::Invocation& step);
  void tick(std::int64_t now_ns);
  // Whether a line of that name is a language library's copy of what is counted here; then it is counted, once.
  bool take_copy(std::string_view name, std::int64_t now_ns);
  // The runtime's name, once, when it had to be asked of the processes: other plugins want it, too.
  std::string take_runtime() { return std::exchange(runtime_asked_, {}); }
  void flush_begins() { enhanced_.end_waiting(); }

  std::vector<EnhancedSample> samples() { return enhanced_.take(); }

 private:
  void take_record(const sls::Record& record, std::int64_t now_ns);

  bool enabled_, runtime_known_;
  std::string runtime_asked_;
  std::unique_ptr<Sensors> sensors_;
  Enhanced enhanced_;
};

}  // namespace metrics
