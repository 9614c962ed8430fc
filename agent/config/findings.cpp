#include "base/limits.hpp"
#include "config/settings.hpp"

namespace agent {

void Findings::add(Level level, std::string text) {
  if (all_.size() < limits::kFindingsShownMax)
    all_.push_back({level, std::move(text)});
  else
    ++suppressed_;
}

void Findings::report() {
  for (; reported_ < all_.size(); ++reported_) {
    const Finding& finding = all_[reported_];
    if (Log::wants(finding.level)) Log::write(finding.level, finding.text);
  }
  if (suppressed_ == suppressed_reported_) return;
  log_warn("settings: ", suppressed_ - suppressed_reported_, " further findings are not shown");
  suppressed_reported_ = suppressed_;
}

}  // namespace agent
