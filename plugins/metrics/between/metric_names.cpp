#include "between/metric_names.hpp"

#include <algorithm>

namespace metrics {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_byte(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.'; }

// Apart by blanks.
constexpr std::string_view kExempt =
    "datadog.agent datadog.dogstatsd datadog.process datadog.trace_agent datadog.tracer activemq activemq_58 airflow "
    "cassandra confluent hazelcast hive ignite jboss jvm kafka presto sidekiq solr tomcat runtime";

std::vector<std::string> well_known() {
  std::vector<std::string> out;
  for (std::string_view rest = kExempt; !rest.empty();) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    out.emplace_back(rest.substr(0, blank));
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return out;
}

}  // namespace

bool Namespace::usable(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), is_name_byte);
}

Namespace::Namespace(std::string_view text, std::vector<std::string> exempt)
    : prefix_(text), exempt_(std::move(exempt)) {
  if (!prefix_.empty() && !prefix_.ends_with('.')) prefix_.push_back('.');
  std::erase(exempt_, "");  // would exempt everything
  if (exempt_.empty()) exempt_ = well_known();
}

void Namespace::apply(std::string& name) const {
  if (prefix_.empty()) return;
  for (const std::string& each : exempt_)
    if (name.starts_with(each)) return;
  name.insert(0, prefix_);
}

NameFilter::NameFilter(std::vector<std::string> names, bool prefixes) : names_(std::move(names)), prefixes_(prefixes) {
  std::erase(names_, "");
  std::sort(names_.begin(), names_.end());
  const auto covered = [prefixes](const std::string& kept, const std::string& next) {
    return prefixes ? next.starts_with(kept) : next == kept;
  };
  names_.erase(std::unique(names_.begin(), names_.end(), covered), names_.end());
}

bool NameFilter::drops(std::string_view name) const {
  const auto behind = std::upper_bound(names_.begin(), names_.end(), name,
                                       [](std::string_view a, const std::string& b) { return b.compare(a) > 0; });
  if (behind == names_.begin()) return false;
  const std::string& nearest = *(behind - 1);
  return prefixes_ ? name.starts_with(nearest) : name == nearest;
}

}  // namespace metrics
