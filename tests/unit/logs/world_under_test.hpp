// A pipeline in a sandbox of its own: records are given as texts, and come out as entries. What tests of it share.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline.hpp"
#include "rules_under_test.hpp"

namespace logs {

inline sls_str str(std::string_view text) { return {text.data(), text.size()}; }

constexpr std::string_view kArn = "arn:aws:lambda:eu-west-1:1:function:f";

class World {
 public:
  explicit World(std::string_view rules = {}, bool managed = false, std::uint64_t buffer_bytes = 32 << 20) {
    options_.buffer_bytes = buffer_bytes;
    open(rules, managed);
  }
  explicit World(const Options& options, bool managed = false) : options_(options) {
    if (options_.buffer_bytes == 0) options_.buffer_bytes = 32 << 20;
    open({}, managed);
  }

  void platform(std::uint32_t kind, std::string_view json, std::string_view id) {
    sls_record one{};
    one.kind = kind;
    one.time_ns = ++time_ms_ * 1'000'000;
    one.request_id = str(id);
    one.json = str(json);
    sls_telemetry batch{sizeof(sls_telemetry), sizeof(sls_record), 1, &one, 0};
    pipeline_->on_telemetry(batch);
  }
  void done(std::string_view id, std::string_view status = "success", std::string_view ms = "5") {
    platform(SLS_RECORD_RUNTIME_DONE,
             R"({"status":")" + std::string(status) + R"(","metrics":{"durationMs":)" + std::string(ms) + "}}", id);
  }

  void record(std::uint32_t kind, std::string_view text, std::string_view id, std::uint32_t flags = 0) {
    sls_record one{};
    one.kind = kind;
    one.flags = flags;
    one.time_ns = ++time_ms_ * 1'000'000;
    one.request_id = str(id);
    one.text = str(text);
    sls_telemetry batch{sizeof(sls_telemetry), sizeof(sls_record), 1, &one, 0};
    pipeline_->on_telemetry(batch);
  }
  void function(std::string_view text, std::string_view id = "id-1") { record(SLS_RECORD_FUNCTION, text, id); }
  void start(std::string_view id = "id-1") { record(SLS_RECORD_START, {}, id); }

  std::vector<std::string> raw(bool at_shutdown = false) {
    std::vector<std::string> out;
    while (true) {
      const auto parts = pipeline_->next_batch(at_shutdown);
      if (parts.empty()) return out;
      for (const sls_part& part : parts) out.emplace_back(part.bytes.data, part.bytes.len);
    }
  }
  // "id text" of each entry
  std::vector<std::string> shipped(bool at_shutdown = false) {
    std::vector<std::string> out;
    for (const std::string& entry : raw(at_shutdown)) {
      const boost::json::value parsed = boost::json::parse(entry);
      const boost::json::value& message = parsed.at("message");
      const boost::json::value& id = message.at("lambda").at("request_id");
      out.push_back((id.is_null() ? "-" : std::string(id.as_string())) + " "
                    + std::string(message.at("message").as_string()));
    }
    delivered_ += out.size();
    return out;
  }
  void expect_balance() {
    const Counts& now = counts();
    EXPECT_EQ(now.received, delivered_ + now.dropped_buffer_full + now.dropped_edited_out + now.dropped_rule_excluded
                                + now.dropped_unusable_mask + now.dropped_debug_of_success + now.dropped_debug_full
                                + pipeline_->pending());
  }
  const Counts& counts() const { return pipeline_->counts(); }
  Pipeline& pipeline() { return *pipeline_; }

  static sls_sandbox sandbox(bool managed) {
    static const sls_pair tags[] = {
        {str("env"), str("prod \"x\"")}, {str("_dd.compute_stats"), str("1")}, {str("a"), str("b")}};
    sls_sandbox out{};
    out.size = sizeof out;
    out.function_arn = str(kArn);
    out.service = str("shop");
    out.tags = {tags, 3};
    out.managed_instance = managed ? 1 : 0;
    return out;
  }

 private:
  void open(std::string_view rules, bool managed) {
    Findings findings;
    pipeline_ = std::make_unique<Pipeline>(options_, rules_from(rules, findings), sandbox(managed));
  }

  Options options_{};
  std::unique_ptr<Pipeline> pipeline_;
  std::int64_t time_ms_ = 1000;
  std::size_t delivered_ = 0;
};

using Texts = std::vector<std::string>;

}  // namespace logs
