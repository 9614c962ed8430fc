// What a scenario can ask about, as flat records of names and texts, and the question itself: which records fit.
//
// Every kind of thing that was observed (logs, series, sketches, spans, requests, calls at the platform, lines of the
// agent) becomes a list of records, so that one matcher serves all. Pure.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "lab/extensions_api.hpp"
#include "lab/ledger_view.hpp"
#include "lab/received.hpp"
#include "lab/scenario_file.hpp"

namespace lab {

struct Record {
  std::vector<std::pair<std::string, std::string>> fields;  // a name may come several times (tag)
  std::string text() const;                                 // for messages
};

std::vector<Record> log_records(const std::deque<Received>& received);
std::vector<Record> series_records(const std::deque<Received>& received);
std::vector<Record> sketch_records(const std::deque<Received>& received);
std::vector<Record> span_records(const std::deque<Received>& received);
std::vector<Record> request_records(const std::deque<Received>& received);
std::vector<Record> call_records(const std::vector<ExtensionsApi::Call>& calls);
std::vector<Record> line_records(const std::vector<std::string>& lines);
std::vector<Record> ledger_records(const std::vector<LedgerRow>& rows);

// All words with a sign must fit some field of that name, except those that say how many or how long (count, min, max,
// within). The value "none" of request_id means that there is none. Throws LabError for a bad regular expression.
bool fits(const Record& record, const std::vector<Word>& words);

}  // namespace lab
