// The service that an inferred span gets: what the operator mapped, else the name of the queue, topic, bucket… itself,
// else the name of its kind.
//
// DD_SERVICE_MAPPING is `key:service,…`, the key being the name of the thing or of its kind (lambda_sqs); keys compare
// exactly. A pair with an empty side, with more than one colon, or of two equal names maps nothing and is told to the
// operator. Made once from the options; read by the rows of triggers/.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traces::invocation {

class ServiceNames {
 public:
  ServiceNames() = default;
  // `instances`: DD_TRACE_AWS_SERVICE_REPRESENTATION_ENABLED. What maps nothing is appended to `unusable`.
  ServiceNames(std::string_view mapping, bool instances, std::vector<std::string>& unusable);

  struct Names {
    std::string_view key, generic_key;  // of the mapping: the instance's, its kind's
    std::string_view instance, fallback;
  };
  std::string_view of(const Names& names) const;
  bool instances() const { return instances_; }

 private:
  const std::string* mapped(std::string_view key) const;

  std::vector<std::pair<std::string, std::string>> mapping_;
  bool instances_ = true;
};

}  // namespace traces::invocation
