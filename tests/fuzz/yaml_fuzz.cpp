// Any bytes as datadog.yaml: whatever comes, each row has at most one value of its type, and the findings are bounded.
#include <cstdint>
#include <string_view>

#include "base/limits.hpp"
#include "config/settings.hpp"
#include "require.hpp"

namespace {

sls_str str(std::string_view text) { return {text.data(), text.size()}; }

const agent::OptionTable& every_type() {
  static const agent::OptionTable table = [] {
    std::vector<sls_option> rows;
    for (std::string_view type :
         {"bool", "int", "float", "string_or_int", "duration_s", "csv", "key_values", "list", "map", "json"}) {
      sls_option row{};
      row.size = sizeof row;
      row.flags = SLS_OPTION_PROTECTS;
      row.key = row.yaml = row.type = str(type);
      row.env = str("DD_ABSENT");
      rows.push_back(row);
    }
    return agent::OptionTable("fuzz", rows.data(), rows.size());
  }();
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  agent::Findings findings;
  const agent::Sources sources = agent::Sources::from_text({}, "y", text, findings);
  const agent::Resolved host = sources.resolve(agent::host_table(), findings);
  const agent::Resolved other = sources.resolve(every_type(), findings);
  REQUIRE(other.values().size() == every_type().rows().size());
  const std::string_view flag = other.text("bool");
  REQUIRE(flag.empty() || flag == "true" || flag == "false");
  REQUIRE(other.number("duration_s") >= 0);
  const std::string_view list = other.text("list");
  REQUIRE(list.empty() || (list.front() == '[' && list.back() == ']'));
  (void)other.list("csv");
  (void)other.pairs("key_values");
  const agent::OptionTable* tables[] = {&agent::host_table(), &every_type()};
  sources.report_unknown(tables, {}, findings);
  agent::make_settings(host, sources, "/opt", findings);
  REQUIRE(findings.all().size() <= agent::limits::kFindingsShownMax);
  return 0;
}
