#include "between/trade_settings.hpp"

#include <utility>

#include "between/features.hpp"
#include "between/obfuscation_options.hpp"
#include "between/replace_setting.hpp"
#include "between/stats_options.hpp"
#include "between/trade_options.hpp"

namespace traces {
namespace {

template <class Options>
Options read(const sls::Sandbox& sandbox, Findings& findings) {
  auto out = sls::read_options<Options>(sandbox);
  for (std::string& sentence : out.findings) findings.warn(std::move(sentence));
  return std::move(out.options);
}

Setting setting(const sls::Sandbox& sandbox, std::string_view key, const sls::Json& value) {
  return {value.text, sandbox.origin(key)};
}

Filters make_filters(const sls::Sandbox& sandbox, Patterns& patterns, Findings& findings) {
  const auto options = read<FilterOptions>(sandbox, findings);
  return Filters(
      {setting(sandbox, "filter_tags_require", options.require), setting(sandbox, "filter_tags_reject", options.reject),
       setting(sandbox, "filter_tags_regex_require", options.regex_require),
       setting(sandbox, "filter_tags_regex_reject", options.regex_reject),
       setting(sandbox, "ignore_resources", options.ignore_resources)},
      patterns, findings);
}

}  // namespace

FunctionFacts function_facts(const sls::Sandbox& sandbox) {
  FunctionFacts out;
  for (const auto& tag : sandbox.tags()) out.tags.emplace_back(tag.key, tag.value);
  out.service = sandbox.service();
  out.name = sandbox.function_name();
  out.services_are_represented = sls::read_options<EnrichmentOptions>(sandbox).options.services_are_represented;
  return out;
}

Trades make_trades(const sls::Sandbox& sandbox, OpenEngine open, Findings& findings) {
  Patterns patterns(open);
  const auto obfuscation = read<ObfuscationSettings>(sandbox, findings);
  if (std::string sentence = finding_in(obfuscation); !sentence.empty()) findings.warn(std::move(sentence));
  read<EnrichmentOptions>(sandbox, findings);
  const auto replace = read<ReplaceOptions>(sandbox, findings);
  const bool big = has_feature(obfuscation.features, "big_resource");
  return Trades({.normaliser = Normaliser(has_feature(obfuscation.features, "component2name")),
                 .filters = make_filters(sandbox, patterns, findings),
                 .internal_spans = InternalSpans(read<InternalSpanOptions>(sandbox, findings).runtime_api),
                 .enrichment = Enrichment(function_facts(sandbox)),
                 .obfuscator = Obfuscator(obfuscation),
                 .resource_bytes_max = big ? kBigResourceBytesMax : kResourceBytesMax,
                 .replace_rules = read_replace_rules(setting(sandbox, "replace_tags", replace.replace_tags),
                                                     sandbox.unreadable("replace_tags"), patterns, findings),
                 .computes_statistics = read<StatisticsOptions>(sandbox, findings).computes});
}

}  // namespace traces
