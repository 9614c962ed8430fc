#include "invocation_options.hpp"

#include "letters.hpp"

namespace traces::invocation {
namespace {

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

ExecutedFunction function_of(const sls::Sandbox& sandbox, bool service_representation) {
  ExecutedFunction out;
  out.name = sandbox.function_name();
  out.managed = sandbox.managed_instance();
  const std::string_view service = sandbox.service().empty() ? std::string_view(out.name) : sandbox.service();
  out.service = service_representation ? in_small_letters(service) : "aws.lambda";
  return out;
}

}  // namespace

std::vector<std::string> what_breaks(const InvocationOptions& options, const sls::Sandbox& sandbox) {
  std::vector<std::string> out;
  if (!options.runtime_api_proxy.empty())
    out.push_back(std::string("option runtime_api_proxy (")
                      .append(sandbox.origin("runtime_api_proxy"))
                      .append("): nothing listens there, since this agent does not stand between the runtime and its "
                              "API; the web adapter gets no events until the variable is removed"));
  return out;
}

ExecutionSettings settings_of(const InvocationOptions& options, const sls::Sandbox& sandbox,
                              std::vector<std::string>& findings) {
  ExecutionSettings out;
  std::vector<std::string> unknown, unusable;
  const bool own = !options.style_extract.empty();
  const bool representation = sandbox.option("aws_service_representation_enabled") != "false";  // a trade's option
  out.propagation = Propagation::of(own ? options.style_extract : options.style, options.extract_first,
                                    options.opentracing_baggage, unknown);
  const std::string_view key = own ? "propagation_style_extract" : "propagation_style";
  for (const std::string& name : unknown)
    findings.push_back(std::string("option ")
                           .append(key)
                           .append(" (")
                           .append(sandbox.origin(key))
                           .append("): \"")
                           .append(name)
                           .append("\" is no format that is known; datadog, tracecontext, b3multi, b3 or "
                                   "none was wanted; it is left out"));
  out.services = ServiceNames(options.service_mapping, representation, unusable);
  for (const std::string& pair : unusable)
    findings.push_back(std::string("option service_mapping (")
                           .append(sandbox.origin("service_mapping"))
                           .append("): \"")
                           .append(pair)
                           .append("\" maps nothing; NAME:SERVICE was wanted; it is left out"));
  out.function = function_of(sandbox, representation);
  out.region = sandbox.region();
  out.capture_payloads = options.capture_payloads;
  out.capture_depth_max = options.capture_depth_max;
  out.all_kinds = options.all_trigger_kinds;
  out.cut_off_spans = options.cut_off_spans;
  if (options.appsec)
    findings.push_back(std::string("option serverless_appsec_enabled (")
                           .append(sandbox.origin("serverless_appsec_enabled"))
                           .append("): this agent does not inspect requests; nothing is monitored"));
  return out;
}

}  // namespace traces::invocation
