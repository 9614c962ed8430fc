#include "pipeline.hpp"

#include <algorithm>
#include <utility>

#include "out/events.hpp"

namespace metrics {

void Pipeline::set_base_tags(std::vector<std::string> tags) {
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  base_.function =
      std::any_of(tags.begin(), tags.end(), [](const std::string& t) { return t.starts_with("function_arn:"); });
  base_.tags = std::move(tags);
}

void Pipeline::hold(std::vector<Waiting>& where, Waiting what) {
  if (where.size() >= kEventsMax || event_bytes_ + what.bytes.size() > kEventBytesMax) {
    ++losses_.events_full;
    return;
  }
  event_bytes_ += what.bytes.size();
  where.push_back(std::move(what));
}

void Pipeline::add_packet(std::string_view packet, std::int64_t now_s) {
  reader_.open(packet);
  for (;;) {
    switch (reader_.next()) {
      case LineKind::kMetric: add_sample(reader_.metric(), now_s); break;
      case LineKind::kEvent: {
        ++received_;
        const EventLine& event = reader_.event();
        hold(events_, {std::string(event.source_type.empty() ? kSourceTypeDefault : event.source_type),
                       encode_event(event, base_.tags, now_s)});
        break;
      }
      case LineKind::kCheck:
        ++received_;
        hold(checks_, {{}, encode_check(reader_.check(), base_.tags, now_s)});
        break;
      case LineKind::kBad:
        ++received_;
        ++losses_.invalid_line;
        break;
      case LineKind::kEnd: return;
    }
  }
}

void Pipeline::add_sample(const MetricLine& line, std::int64_t now_s) {
  received_ += std::max<std::size_t>(line.values.size(), 1);
  aggregator_.add(line, now_s, losses_);
}

bool Pipeline::walk(PayloadKind kind, std::size_t& at, Batch& out) {
  std::size_t bytes = 0;
  for (; at < aggregator_.size() && out.parts.size() < kEntriesPerPayloadMax && bytes < kPayloadBytesMax; ++at) {
    Context& context = aggregator_.context(at);
    const bool sketch = context.type == MetricType::kDistribution;
    if (context.points.empty() || sketch != (kind == PayloadKind::kSketches)) continue;
    // All of its values were refused: there is nothing to tell.
    std::erase_if(context.points, [](const Point& point) { return point.samples == 0; });
    if (context.points.empty()) continue;
    std::uint64_t samples = 0;
    for (const Point& point : context.points) samples += point.samples;
    const std::string_view name = aggregator_.name(context), tags = aggregator_.tags(context);
    out.parts.push_back(
        {sketch ? encode_sketch(context, name, tags, base_) : encode_series(context, name, tags, base_), samples});
    bytes += out.parts.back().bytes.size();
    aggregator_.clear_points(context);
  }
  out.kind = kind;
  return !out.parts.empty();
}

bool Pipeline::take_events(Batch& out) {
  if (events_.empty()) return false;
  const std::string source_type = events_.front().source_type;
  out.kind = PayloadKind::kEvents;
  out.prefix = events_prefix(source_type);
  std::erase_if(events_, [&](Waiting& each) {
    if (each.source_type != source_type) return false;
    event_bytes_ -= each.bytes.size();
    out.parts.push_back({std::move(each.bytes), 1});
    return true;
  });
  return true;
}

bool Pipeline::take_checks(Batch& out) {
  if (checks_.empty()) return false;
  out.kind = PayloadKind::kChecks;
  for (Waiting& each : checks_) {
    event_bytes_ -= each.bytes.size();
    out.parts.push_back({std::move(each.bytes), 1});
  }
  checks_.clear();
  return true;
}

Batch Pipeline::next() {
  Batch out;
  if (walk(PayloadKind::kSeries, series_at_, out) || walk(PayloadKind::kSketches, sketches_at_, out)) return out;
  if (take_events(out) || take_checks(out)) return out;
  series_at_ = sketches_at_ = 0;
  aggregator_.forget_idle();
  return {};
}

}  // namespace metrics
