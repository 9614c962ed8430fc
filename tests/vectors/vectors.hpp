// Data-driven cases: reads the project's own files of a subject and those of the optional folder beside the project.
//
// A file is an array of {name, given…, expect, source}, or an object that holds it as `vectors` or `cases`; entries
// marked `disputed` are no criterion and are passed over. Names may be missing. Knows no subject; each runner gives a
// function that judges one case. Test code only.
#pragma once

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <fstream>
#include <functional>
#include <sstream>
#include <string>

namespace vectors {

namespace json = boost::json;

// Judges one case with gtest's expectations.
using Judge = std::function<void(const json::object& one)>;

inline bool is_disputed(const json::object& one) {
  const json::value* disputed = one.if_contains("disputed");
  return disputed != nullptr && !(disputed->is_bool() && !disputed->as_bool()) && !disputed->is_null();
}

inline const json::array& cases_of(const json::value& all) {
  if (all.is_array()) return all.as_array();
  return all.at(all.as_object().contains("cases") ? "cases" : "vectors").as_array();
}

// False: there is no such file.
inline bool run_file(const std::string& path, const Judge& judge) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  std::stringstream text;
  text << file.rdbuf();
  const json::value all = json::parse(text.str());
  std::size_t judged = 0;
  for (const json::value& each : cases_of(all)) {
    const json::object& one = each.as_object();
    if (is_disputed(one)) continue;
    SCOPED_TRACE(path + ": " + (one.contains("name") ? std::string(one.at("name").as_string()) : json::serialize(one)));
    judge(one);
    ++judged;
  }
  EXPECT_GT(judged, 0u) << path << " holds no case";
  return true;
}

inline void run_own(const std::string& subject, const Judge& judge) {
  ASSERT_TRUE(run_file(SLS_VECTORS_OWN "/" + subject + ".json", judge)) << "a file of the project is missing";
}
inline void run_shared(const std::string& subject, const Judge& judge) {
  if (!run_file(SLS_VECTORS_SHARED "/" + subject + ".json", judge)) {
    GTEST_SKIP() << "no ../shared/vectors/" << subject << ".json beside the project";
  }
}

}  // namespace vectors
