// JSON whose leaves are replaced by "?", but for the values of some keys: queries of MongoDB, bodies of Elasticsearch
// and OpenSearch.
//
// Made for texts that were cut off or are no JSON: what was understood until then is kept, `...` stands for the rest.
// White space goes, but for that behind a whole text; several texts may follow one another. Nested deeper than
// kDepthMax is not understood. Appends to `out`, never more than four times the input.
// Called by obfuscate.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sql.hpp"

namespace traces {

class JsonObfuscator {
 public:
  static constexpr std::size_t kDepthMax = 512;

  // Keys whose values are kept whole, and keys whose texts are SQL.
  JsonObfuscator(std::vector<std::string> keep, std::vector<std::string> sql);

  void obfuscate(std::string_view text, SqlObfuscator& sql, std::string& out) const;

 private:
  std::vector<std::string> keep_, sql_;
};

}  // namespace traces
