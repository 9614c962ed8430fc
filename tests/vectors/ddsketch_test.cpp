// Subject ddsketch: values, bins or ranges in, bins and figures out; `op` says what is done (none: insert the values in
// order into an empty sketch). The operation `payload` is judged where payloads are written.
#include <cmath>

#include "sls/codec/sketch.hpp"
#include "vectors.hpp"

namespace {

using sls::Sketch;
using sls::SketchBin;
using sls::SketchBins;
using vectors::json::object;
using vectors::json::value;

double number(const value& from) { return from.to_number<double>(); }

std::vector<SketchBin> bins_of(const value& from) {
  std::vector<SketchBin> out;
  const auto& keys = from.at("keys").as_array();
  for (std::size_t i = 0; i < keys.size(); ++i)
    out.push_back({keys[i].to_number<std::int16_t>(), from.at("counts").at(i).to_number<std::uint16_t>()});
  return out;
}

void insert_all(Sketch& sketch, const value& values, double rate = 1) {
  for (const value& each : values.as_array()) {
    const std::int64_t times = each.is_array() ? each.at(1).to_number<std::int64_t>() : 1;
    const double what = number(each.is_array() ? each.at(0) : each);
    for (std::int64_t i = 0; i < times; ++i) sketch.insert(what, rate);
  }
}

void expect_near(double got, double want, const char* what) {
  EXPECT_NEAR(got, want, std::abs(want) * 1e-9 + 1e-300) << what;
}

void expect_bins(const std::vector<SketchBin>& got, const object& expect) {
  if (!expect.contains("keys")) return;
  const std::vector<SketchBin> want = bins_of(value(expect));
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(got[i].key, want[i].key) << "bin " << i;
    EXPECT_EQ(got[i].count, want[i].count) << "bin " << i;
  }
}

void expect_sketch(const Sketch& got, const object& expect) {
  expect_bins(got.bins(), expect);
  const auto wanted = [&expect](const char* name, const auto& compare) {
    if (const value* want = expect.if_contains(name)) compare(*want);
  };
  wanted("cnt", [&](const value& want) { EXPECT_EQ(got.count(), want.to_number<std::int64_t>()); });
  wanted("min", [&](const value& want) { EXPECT_EQ(got.min(), number(want)); });
  wanted("max", [&](const value& want) { EXPECT_EQ(got.max(), number(want)); });
  wanted("sum", [&](const value& want) { expect_near(got.sum(), number(want), "sum"); });
  wanted("avg", [&](const value& want) { expect_near(got.average(), number(want), "avg"); });
  wanted("bins", [&](const value& want) { EXPECT_EQ(got.bins().size(), want.to_number<std::size_t>()); });
  wanted("quantiles", [&](const value& want) {
    for (const value& each : want.as_array())
      expect_near(got.quantile(number(each.at(0))), number(each.at(1)), "quantile");
  });
}

std::vector<std::int16_t> keys_of(const value& values, bool are_keys) {
  std::vector<std::int16_t> out;
  for (const value& each : values.as_array()) {
    const std::size_t times = each.is_array() ? each.at(1).to_number<std::size_t>() : 1;
    const value& one = each.is_array() ? each.at(0) : each;
    out.insert(out.end(), times, are_keys ? one.to_number<std::int16_t>() : Sketch::key_of(number(one)));
  }
  return out;
}

void judge_bins(const object& one, std::string_view op) {
  const object& expect = one.at("expect").as_object();
  if (op == "merge_bins") {
    SketchBins bins(bins_of(one.at("a")));
    const std::vector<SketchBin> other = bins_of(one.at("b"));
    bins.merge(other, one.at("bin_limit").to_number<std::size_t>());
    return expect_bins(bins.all(), expect);
  }
  if (op == "trim") {
    SketchBins bins(bins_of(one.at("bins")));
    bins.trim(one.at("bin_limit").to_number<std::size_t>());
    return expect_bins(bins.all(), expect);
  }
  SketchBins bins(bins_of(one.at("start")));
  std::vector<std::int16_t> keys = keys_of(one.at(op == "insert_keys" ? "insert" : "values"), op == "insert_keys");
  bins.insert(std::span(keys));
  expect_bins(bins.all(), expect);
}

void judge_table(const object& one, bool keys) {
  for (const value& row : one.at("table").as_array()) {
    if (keys) {
      EXPECT_EQ(Sketch::key_of(number(row.at(0))), row.at(1).to_number<std::int16_t>()) << row;
    } else {
      expect_near(Sketch::lower_bound(row.at(0).to_number<std::int16_t>()), number(row.at(1)), "lower bound");
    }
  }
}

void judge(const object& one) {
  const value* named = one.if_contains("op");
  const std::string op = named == nullptr ? "" : std::string(named->as_string());
  if (op == "key" || op == "lower_bound") return judge_table(one, op == "key");
  if (op == "insert_from" || op == "insert_keys" || op == "merge_bins" || op == "trim") return judge_bins(one, op);
  Sketch sketch;
  if (op == "merge") {
    Sketch other;
    insert_all(sketch, one.at("a"));
    insert_all(other, one.at("b"));
    sketch.merge(other);
  } else if (op == "interpolate") {
    ASSERT_TRUE(sketch.interpolate(number(one.at("lower")), number(one.at("upper")),
                                   one.at("count").to_number<std::uint64_t>()));
  } else if (op.empty() || op == "quantile" || op == "payload" || op == "sample_rate") {
    const value* rate = one.if_contains("sample_rate");
    if (!one.contains("values")) return;
    insert_all(sketch, one.at("values"), rate == nullptr ? 1 : number(*rate));
  } else {
    FAIL() << "unknown operation " << op;
  }
  expect_sketch(sketch, one.at("expect").as_object());
}

TEST(DdsketchVectors, HoldForTheProjectsOwnCases) { vectors::run_own("ddsketch", judge); }
TEST(DdsketchVectors, HoldForTheSharedCases) { vectors::run_shared("ddsketch", judge); }

}  // namespace
