// The execution environment: what AWS's variables, the registration and the settings say about this sandbox.
//
// Plain values and the views of them that plugins get. The tag set follows the official extension's (spec: host tags).
// Built once by agent/agent; no I/O but the reading of /etc/hosts for the receiver's address.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "lambda/register_answer.hpp"
#include "sls/plugin.h"

namespace agent {

inline constexpr std::string_view kAgentVersion = SLS_AGENT_VERSION;

class Sandbox {
 public:
  Sandbox(const Sources& sources, const Settings& settings, const RegisterAnswer& registration);
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Everything but options, origins and unreadable. Views into this object.
  void fill(sls_sandbox& out) const;

  const std::string& function_arn() const { return function_arn_; }
  const std::string& function_name() const { return function_name_; }

 private:
  std::string function_name_, function_arn_, function_version_, region_, account_id_, runtime_, architecture_,
      init_type_;
  std::string env_, service_, version_, site_;
  std::uint32_t memory_mb_ = 0;
  bool managed_ = false;
  std::vector<std::pair<std::string, std::string>> tags_;
  std::vector<sls_pair> tag_views_;

  void set_tag(std::string_view key, std::string_view value);
  void add_user_tags(const std::vector<std::pair<std::string, std::string>>& tags);
};

// The value of AWS_LAMBDA_INITIALIZATION_TYPE where invocations run side by side.
inline constexpr std::string_view kManagedInitType = "lambda-managed-instances";
// Where it is made from a snapshot.
inline constexpr std::string_view kSnapshotInitType = "snap-start";

// Where the telemetry receiver listens: the address that `sandbox.localdomain` has in the hosts file; 127.0.0.1 where
// it has none; 0.0.0.0 under the SAM emulator. The hosts file is read directly, since asking a name server that is not
// there would cost seconds of the start.
std::string telemetry_listen_address(const Sources& sources, std::string_view hosts_file_text);
std::string read_hosts_file();

}  // namespace agent
