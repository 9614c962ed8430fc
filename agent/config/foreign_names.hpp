// Names that are not ours and no mistake either: settings of the ordinary Datadog Agent and of the tracing libraries,
// which stand in the same datadog.yaml and the same environment.
//
// Only for the warnings about unknown names (config/unknown_names): what is listed here is passed over silently, what
// we do not support although an operator may count on it is said so.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace agent {

enum class Foreign {
  kNo,
  kSilent,
  kUnsupported,  // means something to the official extension, and nothing here
};

// `own` are the names of all rows: a whole section of the ordinary Agent (`logs_config.…`) is foreign only while no row
// of ours stands in it, for then an unknown name in it is rather a slip. Variables in upper case, with DD_.
Foreign foreign_yaml(std::string_view path, std::span<const std::string_view> own);
Foreign foreign_variable(std::string_view name, std::span<const std::string_view> own);

}  // namespace agent
