// Telemetry records to lines: the text that a record stands for in the log, its status and its durable execution.
//
// Function and extension records bring their text; platform records become the lines that CloudWatch shows (INIT_START,
// START, END, REPORT). Records that never become logs give none. It reads nothing of JSON *texts* (in/json_text does),
// and attributes nothing: the host has set the request id. Called by the pipeline, once per record.
// Wire facts: docs.aws.amazon.com, Lambda Telemetry API schema reference; line formats as the official extension's.
#pragma once

#include <array>
#include <string>

#include "line.hpp"
#include "sls/plugin.h"

namespace logs {

class RecordReader {
 public:
  // False: this record is no log. Views in `line` last until the next call, or as long as the record.
  bool read(const sls_record& record, Line& line);

 private:
  struct Runtime {
    std::string request_id;
    double duration_ms = 0;
  };

  void init_start(const sls_record& record, Line& line);
  void start(const sls_record& record);
  void runtime_done(const sls_record& record, Line& line);
  void report(const sls_record& record, Line& line);
  void read_execution(std::string_view json, Line& line);
  double runtime_of(std::string_view request_id) const;

  // A report may come after the runtimeDone of the next invocation; further back nobody looks.
  std::array<Runtime, 4> runtimes_;
  std::size_t oldest_ = 0;
  std::string text_, first_, second_;  // reused
};

}  // namespace logs
