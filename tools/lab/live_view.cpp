#include "lab/live_view.hpp"

#include <algorithm>

#include "lab/arrivals.hpp"
#include "lab/text_diff.hpp"
#include "lab/waterfall.hpp"

namespace lab {
namespace {

constexpr std::size_t kShownPerRequest = 8;
constexpr std::size_t kTraceLinesShown = 40;
constexpr unsigned kInvocationsToWait = 3;  // a line that holds the later ones back longer is shown as on its way

}  // namespace

unsigned LiveView::Counts::dropped_total() const {
  unsigned total = 0;
  for (const auto& [rule, count] : dropped) total += count;
  return total;
}

void LiveView::head() const {
  terminal_.line(terminal_.styled(Style::kBold, fitted("the function wrote", half())) + " │ "
                 + terminal_.styled(Style::kBold, "the intake received"));
  if (!terminal_.colours()) terminal_.line(fitted("", half()) + " │ (‹…›: changed on the way)");
}

void LiveView::begin_invocation(unsigned number) {
  const std::lock_guard lock(mutex_);
  invocation_ = number;
  advance(false);
}

void LiveView::wrote(const std::string& id, const std::string& line, std::int64_t at_ms) {
  const std::lock_guard lock(mutex_);
  ++counts_.written;
  Row row;
  row.invocation = invocation_;
  row.id = id;
  row.line = line;
  row.at_ms = at_ms;
  if (const auto rule = rules_.why_dropped(line)) row.rule = *rule;
  open_.push_back(std::move(row));
}

void LiveView::received(const Received& request) {
  const std::lock_guard lock(mutex_);
  if (!request.accepted) {
    const std::string answer = request.status == 0 ? "no answer" : std::to_string(request.status);
    print_pair("", terminal_.styled(Style::kRed, "✗ " + request.path + " was answered with " + answer));
    return;
  }
  if (!request.broken.empty())
    print_pair("", terminal_.styled(Style::kRed, "✗ " + request.path + " cannot be read: " + request.broken));
  for (const LogEntry& entry : request.logs) {
    latest_ms_ = std::max(latest_ms_, entry.timestamp_ms);
    if (!take(open_, entry)) take(late_, entry);
  }
  advance(false);
  show_arrivals(request);
}

// The row that the entry was; false: none of these.
bool LiveView::take(std::deque<Row>& rows, const LogEntry& entry) {
  for (const char* platform : {"START RequestId", "END RequestId", "REPORT RequestId"})
    if (entry.message.rfind(platform, 0) == 0) return false;
  for (Row& row : rows) {
    if (row.at_ms != entry.timestamp_ms || row.has_arrived) continue;
    row.has_arrived = true;
    row.arrived = entry.message;
    row.arrived_id = entry.request_id;
    return true;
  }
  return false;
}

void LiveView::note(const std::string& text) {
  const std::lock_guard lock(mutex_);
  terminal_.line(terminal_.styled(Style::kYellow, "! " + text));
}

bool LiveView::settled(const Row& row) const {
  return row.has_arrived || (!row.rule.empty() && row.at_ms < latest_ms_);
}

void LiveView::advance(bool all) {
  show_late(all);
  while (!open_.empty()) {
    const Row& row = open_.front();
    const bool decided = all || settled(row);
    if (!decided && row.invocation + kInvocationsToWait > invocation_) return;
    if (decided) {
      print(row);
    } else {
      print_head_of(row);
      print_pair(row.line, terminal_.styled(Style::kDim, "… on its way: the agent sends it with a later flush"));
      late_.push_back(row);
    }
    open_.pop_front();
  }
}

void LiveView::show_late(bool all) {
  for (auto row = late_.begin(); row != late_.end();) {
    if (!all && !settled(*row)) {
      ++row;
      continue;
    }
    print(*row);
    row = late_.erase(row);
  }
}

std::string LiveView::highlighted(const Row& row) const {
  std::string out;
  std::size_t left = half();
  for (const Piece& piece : changes(row.line, row.arrived)) {
    const bool marked = piece.changed && !terminal_.colours();
    const std::string text = fitted(marked ? "‹" + piece.text + "›" : piece.text, left, false);
    left -= std::min(left, columns(text));
    out += terminal_.styled(piece.changed ? Style::kMasked : Style::kPlain, text);
    if (left == 0) break;
  }
  return out;
}

void LiveView::print_head_of(const Row& row) {
  if (row.invocation == printed_invocation_) return;
  const bool again = row.invocation < printed_invocation_;
  printed_invocation_ = row.invocation;
  terminal_.line(terminal_.styled(Style::kDim, "── invocation " + std::to_string(row.invocation) + " · " + row.id
                                                   + (again ? " · what was on its way" : "")));
}

void LiveView::print(const Row& row) {
  print_head_of(row);
  if (!row.has_arrived && settled(row)) {
    ++counts_.dropped[row.rule];
    return print_pair(row.line, terminal_.styled(Style::kRed, "✂ dropped by " + row.rule));
  }
  if (!row.has_arrived) {
    ++counts_.missing;
    const std::string reason =
        row.rule.empty() ? "no rule explains it" : "nothing later did; " + row.rule + " would drop it";
    return print_pair(row.line, terminal_.styled(Style::kRed, "? did not arrive: " + reason));
  }
  ++(row.arrived == row.line ? counts_.unchanged : counts_.changed);
  std::string right = highlighted(row);
  if (row.arrived_id != row.id) {
    ++counts_.wrong_id;
    right +=
        terminal_.styled(Style::kRed, " (under request id " + (row.arrived_id.empty() ? "none" : row.arrived_id) + ")");
  }
  print_pair(row.line, right);
}

void LiveView::print_pair(std::string_view left, const std::string& right) const {
  terminal_.line(fitted(left, half()) + " │ " + right);
}

void LiveView::show_arrivals(const Received& request) const {
  const std::vector<std::string> all = arrivals_in(request);
  for (std::size_t i = 0; i < std::min(all.size(), kShownPerRequest); ++i)
    print_pair("", terminal_.styled(Style::kCyan, fitted(all[i], half(), false)));
  if (all.size() > kShownPerRequest)
    print_pair("", terminal_.styled(Style::kDim, "  and " + std::to_string(all.size() - kShownPerRequest) + " more"));
  // A waterfall needs the whole width.
  const std::vector<std::string> traces = waterfalls(request.spans);
  for (std::size_t i = 0; i < std::min(traces.size(), kTraceLinesShown); ++i)
    terminal_.line(terminal_.styled(Style::kCyan, fitted(traces[i], terminal_.width(), false)));
  if (traces.size() > kTraceLinesShown)
    terminal_.line(
        terminal_.styled(Style::kDim, "  and " + std::to_string(traces.size() - kTraceLinesShown) + " lines more"));
}

LiveView::Counts LiveView::finish() {
  const std::lock_guard lock(mutex_);
  advance(true);
  return counts_;
}

}  // namespace lab
