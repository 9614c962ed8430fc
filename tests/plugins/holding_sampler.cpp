// Holds the debug lines of an invocation back until it is known how the invocation ended: those of a failed one go on,
// those of one that went well are dropped and counted. A plugin of the tests, and one of those that the contract was
// tried with: next_records, and what the ledger means for a plugin that ships nothing itself.
//
// Lines that come after the end are judged at once. What is held is bounded; the oldest lines make room. At shutdown,
// what nobody has judged goes on.
#include <sls/options.hpp>
#include <sls/plugin.hpp>

#include <deque>
#include <string>
#include <vector>

namespace {

struct Options {
  std::size_t held_bytes_max;
  static constexpr auto rows() {
    return sls::rows(sls::row<&Options::held_bytes_max>(
        "held_bytes_max", {.fallback = "262144", .minimum = "0", .about = "Bytes of lines that are held at most."}));
  }
};

class HoldingSampler {
 public:
  HoldingSampler(sls::Host host, const sls::Sandbox& sandbox)
      : options_(sls::read_options<Options>(sandbox).options),
        dropped_held_(host.counter("dropped.held_debug")),
        dropped_full_(host.counter("dropped.held_full")) {}

  void interests(sls::Interests& want) { want.records(sls::RecordKind::function); }

  void on_telemetry(sls::Telemetry batch) {
    for (sls::Record record : batch.of_kind(sls::RecordKind::function)) {
      if (record.dropped() || record.request_id().empty() || !is_debug(record.text())) continue;
      const Ended* ended = find_ended(record.request_id());
      if (ended != nullptr && ended->failed) continue;
      record.drop();
      if (ended != nullptr)
        drop(dropped_held_, 1);
      else
        hold(record);
    }
  }

  void on_invocation(sls::Invocation step) {
    if (step.event() == sls::Event::done) end(step.request_id(), step.status() != "success");
    if (step.event() == sls::Event::shutdown)
      for (; !held_.empty(); held_.pop_front()) release(held_.front());
  }

  // One batch; the records point at copies that stay until the next call of this.
  std::span<sls_record> next_records() {
    handed_out_.clear(), records_.clear();
    handed_out_.swap(released_);
    for (const Line& line : handed_out_)
      records_.push_back({SLS_RECORD_FUNCTION, 0, line.time_ns, sls::str(line.type), sls::str(line.request_id),
                          sls::str(line.json), sls::str(line.text)});
    return records_;
  }

  // Answerable for what it dropped and what it holds; what it released is the next one's.
  sls::State state() const { return {dropped_ + held_.size(), held_.size(), held_bytes_}; }

 private:
  struct Line {
    std::string text, json, type, request_id;
    std::int64_t time_ns;
    std::size_t bytes() const { return sizeof(Line) + text.size() + json.size() + type.size() + request_id.size(); }
  };
  struct Ended {
    std::string request_id;
    bool failed;
  };
  static constexpr std::size_t kEndedMax = 16;

  static bool is_debug(sls::Text text) { return text.contains("DEBUG") || text.contains("\"debug\""); }

  const Ended* find_ended(std::string_view request_id) const {
    for (const Ended& each : ended_)
      if (each.request_id == request_id) return &each;
    return nullptr;
  }
  void hold(const sls::Record& record) {
    held_.push_back({std::string(record.text()), std::string(record.json()), std::string(record.type()),
                     std::string(record.request_id()), record.time_ns()});
    held_bytes_ += held_.back().bytes();
    for (; held_bytes_ > options_.held_bytes_max && !held_.empty(); held_.pop_front()) {
      held_bytes_ -= held_.front().bytes();
      drop(dropped_full_, 1);
    }
  }
  void release(Line& line) {
    held_bytes_ -= line.bytes();
    released_.push_back(std::move(line));
  }
  void drop(const sls::Counter& counter, std::uint64_t lines) {
    counter.add(lines);
    dropped_ += lines;
  }
  void end(std::string_view request_id, bool failed) {
    ended_.push_back({std::string(request_id), failed});
    if (ended_.size() > kEndedMax) ended_.pop_front();
    std::deque<Line> others;
    for (Line& line : held_) {
      if (line.request_id != request_id) {
        others.push_back(std::move(line));
      } else if (failed) {
        release(line);
      } else {
        held_bytes_ -= line.bytes();
        drop(dropped_held_, 1);
      }
    }
    held_.swap(others);
  }

  Options options_;
  sls::Counter dropped_held_, dropped_full_;
  std::deque<Line> held_;
  std::deque<Ended> ended_;
  std::vector<Line> released_, handed_out_;
  std::vector<sls_record> records_;
  std::size_t held_bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace

SLS_PLUGIN_WITH(HoldingSampler, {.id = "holding-sampler",
                                 .version = "1.0.0",
                                 .about = "Ships debug lines of failed invocations only.",
                                 .stage = sls::Stage::edit,
                                 .options = sls::option_table<Options>()});
