// Subject logs-lambda: {env, telemetry: [events], expect: [partial entries]}; the events as the platform posts them, in
// one body, through the host's parser and the plugin's pipeline; every entry that comes out, in order.
//
// Between parser and pipeline stands what the host's invocation state would do: a line without an id of its own gets
// that of the last START, except on managed instances. The sandbox is what the environment of the case makes of it.
#include <map>

#include "between/rules_setting.hpp"
#include "lambda/telemetry_event.hpp"
#include "pipeline.hpp"
#include "vectors.hpp"

namespace {

using vectors::json::array;
using vectors::json::object;
using vectors::json::value;

sls_str str(const std::string& text) { return {text.data(), text.size()}; }

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

struct Sandbox {
  std::map<std::string, std::string> env;
  std::string arn, service;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<sls_pair> tag_views;
  sls_sandbox raw{};

  explicit Sandbox(const object& given) {
    for (const auto& [key, content] : given) env[std::string(key)] = std::string(content.as_string());
    const std::string name = of("AWS_LAMBDA_FUNCTION_NAME", "my-function");
    const std::string region = of("AWS_DEFAULT_REGION", "us-east-1");
    arn = lower("arn:aws:lambda:" + region + ":123456789012:function:" + name);
    service = lower(of("DD_SERVICE", ""));
    tags = {{"region", region}, {"functionname", name}, {"function_arn", arn}};
    add("service", service);
    add("env", of("DD_ENV", ""));
    add("version", of("DD_VERSION", ""));
    const std::string own = of("DD_TAGS", "");
    if (const auto colon = own.find(':'); colon != own.npos) add(own.substr(0, colon), own.substr(colon + 1));
    for (const auto& [key, content] : tags) tag_views.push_back({str(key), str(content)});
    raw.size = sizeof raw;
    raw.function_arn = str(arn);
    raw.service = str(service);
    raw.tags = {tag_views.data(), tag_views.size()};
    raw.managed_instance = managed() ? 1 : 0;
  }

  std::string of(const std::string& key, const std::string& otherwise) const {
    const auto found = env.find(key);
    return found == env.end() ? otherwise : found->second;
  }
  void add(const std::string& key, const std::string& content) {
    if (!content.empty()) tags.emplace_back(key, content);
  }
  bool managed() const { return of("AWS_LAMBDA_INITIALIZATION_TYPE", "") == "lambda-managed-instances"; }
  // The host's switch: a plugin that is off is not created.
  bool logs_on() const {
    const std::string serverless = of("DD_SERVERLESS_LOGS_ENABLED", ""), plain = of("DD_LOGS_ENABLED", "");
    return (serverless.empty() && plain.empty()) || serverless == "true" || plain == "true";
  }
};

void attribute(std::vector<sls_record>& records, bool managed) {
  sls_str current{};
  for (sls_record& record : records) {
    if (record.kind == SLS_RECORD_START) current = record.request_id;
    const bool is_line = record.kind == SLS_RECORD_FUNCTION || record.kind == SLS_RECORD_EXTENSION;
    if (is_line && !managed && record.request_id.len == 0) record.request_id = current;
  }
}

array entries_of(const object& one, const Sandbox& sandbox) {
  logs::Findings findings;
  logs::Options options{};
  options.buffer_bytes = 32 << 20;
  const std::string rules = sandbox.of("DD_LOGS_CONFIG_PROCESSING_RULES", "");
  logs::Pipeline pipeline(
      options,
      logs::read_processing_rules(
          {rules, "a vector", {}, {}}, [](std::string&) { return sls_regex_engine_v1(); }, findings),
      sandbox.raw);
  const std::string body = vectors::json::serialize(one.at("telemetry"));
  agent::TelemetryParser parser;
  std::vector<sls_record>& records = parser.parse(body, 0).records;
  attribute(records, sandbox.managed());
  pipeline.on_telemetry({sizeof(sls_telemetry), sizeof(sls_record), records.size(), records.data(), 0});
  array out;
  for (const sls_part& part : pipeline.next_batch(true)) {
    out.push_back(vectors::json::parse(boost::json::string_view(part.bytes.data, part.bytes.len)));
  }
  return out;
}

bool has_tag(const std::string& tags, const std::string& tag) {
  return ("," + tags + ",").find("," + tag + ",") != std::string::npos;
}

// What the matchers of the files mean: $contains, $not_contains, $json, $absent.
void match(const value& want, const value* got, const std::string& path);

void match_special(const object& want, const value* got, const std::string& path) {
  for (const auto& [name, content] : want) {
    if (name == "$absent") {
      EXPECT_EQ(got == nullptr, content.as_bool()) << path;
      continue;
    }
    ASSERT_NE(got, nullptr) << path << " is missing";
    const std::string text(got->as_string());
    if (name == "$json") {
      EXPECT_EQ(vectors::json::parse(text), content) << path;
    } else {
      for (const value& tag : content.as_array()) {
        EXPECT_EQ(has_tag(text, std::string(tag.as_string())), name == "$contains")
            << path << ": " << tag << " in " << text;
      }
    }
  }
}

void match(const value& want, const value* got, const std::string& path) {
  if (want.is_object() && !want.as_object().empty() && want.as_object().begin()->key().starts_with("$")) {
    return match_special(want.as_object(), got, path);
  }
  ASSERT_NE(got, nullptr) << path << " is missing";
  if (!want.is_object()) {
    EXPECT_EQ(*got, want) << path;
    return;
  }
  for (const auto& [key, content] : want.as_object()) {
    match(content, got->as_object().if_contains(key), path + "." + std::string(key));
  }
}

void judge(const object& one) {
  const Sandbox sandbox(one.at("env").as_object());
  const array& expect = one.at("expect").as_array();
  if (!sandbox.logs_on()) {
    EXPECT_TRUE(expect.empty());
    return;
  }
  const array got = entries_of(one, sandbox);
  EXPECT_EQ(got.size(), expect.size());
  for (std::size_t i = 0; i < std::min(got.size(), expect.size()); ++i) {
    match(expect[i], &got[i], "[" + std::to_string(i) + "]");
  }
}

TEST(LogsLambdaVectors, OwnCases) { vectors::run_own("logs-lambda", judge); }
TEST(LogsLambdaVectors, SharedCases) { vectors::run_shared("logs-lambda", judge); }

}  // namespace
