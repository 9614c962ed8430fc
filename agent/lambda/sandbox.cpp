#include "lambda/sandbox.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace agent {
namespace {

#if defined(__x86_64__)
constexpr std::string_view kArchitecture = "x86_64";
#else
constexpr std::string_view kArchitecture = "arm64";
#endif

constexpr std::string_view kReceiverName = "sandbox.localdomain";

std::string variable(const Sources& sources, std::string_view name, std::string_view otherwise = {}) {
  return std::string(sources.variable(name).value_or(otherwise));
}

std::string_view partition_of(std::string_view region) {
  if (region.substr(0, 7) == "us-gov-") return "aws-us-gov";
  if (region.substr(0, 3) == "cn-") return "aws-cn";
  return "aws";
}

// "AWS_Lambda_nodejs20.x" -> "nodejs20.x"
std::string_view runtime_of(std::string_view execution_environment) {
  constexpr std::string_view kPrefix = "AWS_Lambda_";
  if (execution_environment.substr(0, kPrefix.size()) == kPrefix) execution_environment.remove_prefix(kPrefix.size());
  return execution_environment;
}

}  // namespace

Sandbox::Sandbox(const Sources& sources, const Settings& settings, const RegisterAnswer& registration)
    : function_name_(variable(sources, "AWS_LAMBDA_FUNCTION_NAME", registration.function_name)),
      function_version_(variable(sources, "AWS_LAMBDA_FUNCTION_VERSION", registration.function_version)),
      region_(variable(sources, "AWS_REGION", sources.variable("AWS_DEFAULT_REGION").value_or("us-east-1"))),
      account_id_(registration.account_id.empty() ? "none" : registration.account_id),
      runtime_(runtime_of(variable(sources, "AWS_EXECUTION_ENV"))),
      architecture_(kArchitecture),
      init_type_(variable(sources, "AWS_LAMBDA_INITIALIZATION_TYPE")),
      env_(settings.env),
      service_(settings.service),
      version_(settings.version),
      site_(settings.site),
      managed_(init_type_ == kManagedInitType) {
  const std::string memory = variable(sources, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
  std::from_chars(memory.data(), memory.data() + memory.size(), memory_mb_);
  function_arn_ =
      lower(cat("arn:", partition_of(region_), ":lambda:", region_, ":", account_id_, ":function:", function_name_));

  const bool is_latest = function_version_.empty() || function_version_ == "$LATEST";
  set_tag("function_arn", function_arn_);
  set_tag("region", region_);
  set_tag("account_id", account_id_);
  set_tag("aws_account", account_id_);
  set_tag("functionname", function_name_);
  set_tag("resource", is_latest ? function_name_ : cat(function_name_, ":", function_version_));
  if (!is_latest) set_tag("executedversion", function_version_);
  set_tag("env", env_);
  set_tag("version", version_);
  set_tag("service", service_);
  set_tag("init_type", init_type_);
  set_tag("memorysize", memory);
  set_tag("runtime", runtime_);
  set_tag("architecture", architecture_);
  set_tag("dd_extension_version", kAgentVersion);
  add_user_tags(settings.tags);

  tag_views_.reserve(tags_.size());
  for (const auto& [key, value] : tags_) tag_views_.push_back({{key.data(), key.size()}, {value.data(), value.size()}});
}

// The last one to set a key wins; an empty value is no tag.
void Sandbox::set_tag(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  for (auto& [known, old] : tags_)
    if (known == key) {
      old = value;
      return;
    }
  tags_.emplace_back(key, value);
}

// The user's tags win over the sandbox's own. Their keys are distinct already (config), so that many of them cost no
// search among themselves.
void Sandbox::add_user_tags(const std::vector<std::pair<std::string, std::string>>& tags) {
  const std::size_t own = tags_.size();
  tags_.reserve(own + tags.size());
  for (const auto& one : tags) {
    const auto end = tags_.begin() + static_cast<std::ptrdiff_t>(own);
    const auto known = std::find_if(tags_.begin(), end, [&](const auto& tag) { return tag.first == one.first; });
    if (known != end)
      known->second = one.second;
    else if (!one.second.empty())
      tags_.push_back(one);
  }
}

void Sandbox::fill(sls_sandbox& out) const {
  const auto view = [](const std::string& text) { return sls_str{text.data(), text.size()}; };
  out.function_name = view(function_name_);
  out.function_arn = view(function_arn_);
  out.function_version = view(function_version_);
  out.region = view(region_);
  out.account_id = view(account_id_);
  out.runtime = view(runtime_);
  out.architecture = view(architecture_);
  out.init_type = view(init_type_);
  out.memory_mb = memory_mb_;
  out.managed_instance = managed_ ? 1 : 0;
  out.tags = {tag_views_.data(), tag_views_.size()};
  out.env = view(env_);
  out.service = view(service_);
  out.version = view(version_);
  out.site = view(site_);
}

std::string read_hosts_file() {
  const int fd = ::open("/etc/hosts", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::array<char, 16 << 10> bytes;  // not cleared: most of its pages stay untouched
  const ssize_t got = ::read(fd, bytes.data(), bytes.size());
  ::close(fd);
  return {bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

std::string telemetry_listen_address(const Sources& sources, std::string_view hosts_file_text) {
  if (sources.variable("AWS_SAM_LOCAL").value_or("") == "true") return "0.0.0.0";
  while (!hosts_file_text.empty()) {
    const auto end = hosts_file_text.find('\n');
    std::string_view line = hosts_file_text.substr(0, end);
    hosts_file_text.remove_prefix(end == std::string_view::npos ? hosts_file_text.size() : end + 1);
    line = trim(line.substr(0, line.find('#')));
    const auto address_end = line.find_first_of(" \t");
    if (address_end == std::string_view::npos) continue;
    const std::string_view address = line.substr(0, address_end);
    std::string_view names = line.substr(address_end);
    if (address.find(':') != std::string_view::npos) continue;  // the receiver speaks IPv4
    while (!(names = trim(names)).empty()) {
      const std::string_view name = names.substr(0, names.find_first_of(" \t"));
      if (iequals(name, kReceiverName)) return std::string(address);
      names.remove_prefix(name.size());
    }
  }
  return "127.0.0.1";
}

}  // namespace agent
