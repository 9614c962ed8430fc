#include <gtest/gtest.h>

#include "between/enrich.hpp"
#include "between/histograms.hpp"

namespace {

using metrics::Enricher;
using metrics::NameFilter;
using metrics::Namespace;
using metrics::Origin;

TEST(Namespace, IsPutBeforeNamesThatAreNotExempt) {
  struct Case {
    const char *text, *name, *wanted;
  };
  const Case cases[] = {
      {"", "a.b", "a.b"},
      {"shop", "a.b", "shop.a.b"},
      {"shop.", "a.b", "shop.a.b"},
      {"shop", "jvm.heap", "jvm.heap"},
      {"shop", "jvmish", "jvmish"},
      {"shop", "my.jvm.heap", "shop.my.jvm.heap"},
      {"shop", "runtime.go", "runtime.go"},
  };
  for (const Case& each : cases) {
    std::string name = each.name;
    Namespace(each.text, {"jvm", "runtime", ""}).apply(name);
    EXPECT_EQ(name, each.wanted) << each.text;
  }
}

TEST(Namespace, SparesWellKnownLibrariesByItself) {
  for (const char* name : {"jvm.heap", "runtime.go", "kafka.lag", "activemq_58.x", "datadog.tracer.y"}) {
    std::string same = name;
    Namespace("shop", {}).apply(same);
    EXPECT_EQ(same, name);
  }
  std::string other = "datadog.other";
  Namespace("shop", {}).apply(other);
  EXPECT_EQ(other, "shop.datadog.other");
}

TEST(Namespace, IsALetterAndThenLettersDigitsUnderscoresAndDots) {
  for (const char* good : {"a", "A.b_9", "custom.namespace", "x."}) EXPECT_TRUE(Namespace::usable(good)) << good;
  for (const char* bad : {"", "1a", "_a", ".a", "a b", "a-b", "a:b", "\xC3\xA4"})
    EXPECT_FALSE(Namespace::usable(bad)) << bad;
}

TEST(NameFilter, DropsNamesOrBeginningsOfNames) {
  const NameFilter none({}, true), names({"b", "a.b", "b", ""}, false), prefixes({"a.b.c", "a.b", "x"}, true);
  struct Case {
    const char* name;
    bool by_name, by_prefix;
  };
  for (const Case& each :
       {Case{"a.b", true, true}, Case{"a.b.c", false, true}, Case{"a.bd", false, true}, Case{"a", false, false},
        Case{"b", true, false}, Case{"", false, false}, Case{"xy", false, true}, Case{"zz", false, false}}) {
    EXPECT_EQ(names.drops(each.name), each.by_name) << each.name;
    EXPECT_EQ(prefixes.drops(each.name), each.by_prefix) << each.name;
    EXPECT_FALSE(none.drops(each.name));
  }
}

TEST(Enricher, AppliesEachSettingInItsTurn) {
  Enricher enricher;
  enricher.use(Namespace("shop", {"jvm"}));
  enricher.use(NameFilter({"shop.debug", "jvm.gc"}, true));
  enricher.add_tags({"team:a", "odd,tag", ""});
  enricher.set_copy_prefix("copy.");
  using Verdict = Enricher::Verdict;
  struct Case {
    Origin origin;
    const char *name, *tags;
    Verdict verdict;
    const char *wanted_name, *wanted_tags;
  };
  const Case cases[] = {
      {Origin::kWire, "a", "z", Verdict::kTaken, "shop.a", "odd_tag,team:a,z"},
      {Origin::kWire, "a", "team:a", Verdict::kTaken, "shop.a", "odd_tag,team:a"},
      {Origin::kWire, "debug.x", "z", Verdict::kFiltered, "", ""},
      {Origin::kWire, "jvm.gc.pause", "", Verdict::kFiltered, "", ""},
      {Origin::kWire, "jvm.heap", "", Verdict::kTaken, "jvm.heap", "odd_tag,team:a"},
      {Origin::kCopy, "took", "", Verdict::kTaken, "copy.shop.took", "odd_tag,team:a"},
      {Origin::kCopy, "debug.took", "", Verdict::kFiltered, "", ""},
      {Origin::kPosted, "debug.x", "host:h,z", Verdict::kTaken, "debug.x", "z"},
      {Origin::kPosted, "shop.debug", "", Verdict::kTaken, "shop.debug", ""},
      {Origin::kPosted, "123", "", Verdict::kInvalid, "", ""},
  };
  for (const Case& each : cases) {
    metrics::Identity out;
    ASSERT_EQ(enricher.enrich(each.origin, each.name, each.tags, out), each.verdict) << each.name;
    if (each.verdict != Verdict::kTaken) continue;
    EXPECT_EQ(out.name, each.wanted_name);
    EXPECT_EQ(out.tags, each.wanted_tags) << each.name;
  }
}

TEST(Enricher, RefusesANameThatBecomesTooLong) {
  Enricher enricher;
  enricher.use(Namespace("shop", {}));
  metrics::Identity out;
  EXPECT_EQ(enricher.enrich(Origin::kWire, std::string(345, 'a'), {}, out), Enricher::Verdict::kTaken);
  EXPECT_EQ(enricher.enrich(Origin::kWire, std::string(346, 'a'), {}, out), Enricher::Verdict::kInvalid);
}

TEST(Histograms, AreReadFromTheirSettings) {
  struct Case {
    std::vector<std::string> aggregates, percentiles;
    std::vector<std::string> wanted;
    std::size_t findings;
  };
  const Case cases[] = {
      {{"max", "median", "avg", "count"}, {"0.95"}, {".max", ".median", ".avg", ".count", ".95percentile"}, 0},
      {{"sum", "min", "sum"}, {"0.5", "0.50"}, {".sum", ".min", ".50percentile"}, 0},
      {{"mean"}, {"95", "0", "1", "-0.5", "x", "nan"}, {}, 7},
      {{}, {"0.999", "0.001", "0.29"}, {".99percentile", ".1percentile", ".29percentile"}, 0},
  };
  for (const Case& each : cases) {
    std::vector<std::string> findings, got;
    for (const metrics::Figure& figure : metrics::read_histograms(each.aggregates, each.percentiles, findings).figures)
      got.push_back(figure.suffix);
    EXPECT_EQ(got, each.wanted);
    EXPECT_EQ(findings.size(), each.findings);
  }
}

}  // namespace
