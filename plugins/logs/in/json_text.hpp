// What is read from a log text that is a JSON object: its status, and tags that it carries for itself.
//
// Only a text that parses completely counts; everything else stays as it is. Tags (`ddtags` at the top, or inside an
// object `message`) are taken out of the text, which is then the compact rest; the order of its keys stays. Nothing
// else is extracted: no time, no service, no trace ids. Runs before the processing rules. Called by the pipeline.
#pragma once

#include <string>

#include "line.hpp"

namespace logs {

class JsonTextReader {
 public:
  // Changes text, tags and status of the line; new views last until the next call.
  void read(Line& line);

 private:
  std::string text_, tags_, spare_;  // reused
};

}  // namespace logs
