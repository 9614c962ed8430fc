#include "pipeline.hpp"

#include <algorithm>
#include <utility>

#include "out/events.hpp"

namespace metrics {

void Pipeline::set_base_tags(BaseTags base) {
  base_ = std::move(base);
  protobuf_ = ProtobufForm(base_);
}

void Pipeline::tell_time(std::int64_t now_s) {
  if (now_s_ == 0) live_.begin_at(now_s);
  now_s_ = now_s;
}

void Pipeline::hold(std::vector<Waiting>& where, Waiting what) {
  if (where.size() >= kEventsMax || event_bytes_ + what.bytes.size() > kEventBytesMax) {
    ++losses_.events_full;
    return;
  }
  event_bytes_ += what.bytes.size();
  where.push_back(std::move(what));
}

void Pipeline::add_packet(std::string_view packet) {
  const auto is_histogram = [](const MetricLine& line) {
    return line.type == MetricType::kHistogram || line.type == MetricType::kTiming;
  };
  reader_.open(packet);
  for (;;) {
    switch (reader_.next()) {
      case LineKind::kMetric: {
        MetricLine line = reader_.metric();
        if (counted_already(line)) break;
        received_ += std::max<std::size_t>(line.values.size(), 1);
        live_.add(line, Origin::kWire, now_s_, settings_.enricher, losses_);
        if (!settings_.copy_histograms || !is_histogram(line)) break;
        line.type = MetricType::kDistribution;
        received_ += line.values.size();
        live_.add(line, Origin::kCopy, now_s_, settings_.enricher, losses_);
        break;
      }
      case LineKind::kEvent: {
        ++received_;
        const EventLine& event = reader_.event();
        hold(events_, {std::string(event.source_type.empty() ? kSourceTypeDefault : event.source_type),
                       encode_event(event, base_, settings_.enricher.tags(), now_s_)});
        break;
      }
      case LineKind::kCheck:
        ++received_;
        hold(checks_, {{}, encode_check(reader_.check(), base_, settings_.enricher.tags(), now_s_)});
        break;
      case LineKind::kBad:
        ++received_;
        ++losses_.invalid_line;
        break;
      case LineKind::kEnd: return;
    }
  }
}

bool Pipeline::counted_already(const MetricLine& line) {
  constexpr std::string_view kOwn = "aws.lambda.enhanced.";
  if (!line.name.starts_with(kOwn) || !is_copy_ || !is_copy_(line.name)) return false;
  const std::uint64_t samples = std::max<std::size_t>(line.values.size(), 1);
  received_ += samples;
  losses_.counted_already += samples;
  return true;
}

void Pipeline::add_sample(const MetricLine& line) {
  received_ += std::max<std::size_t>(line.values.size(), 1);
  live_.add(line, Origin::kPosted, now_s_, settings_.enricher, losses_);
}

// Up to kPointsPerEntryMax points of the context from `at` on.
void Pipeline::take_entry(PayloadKind kind, Context& context, Place& at) {
  points_.clear();
  std::uint64_t samples = 0;
  const std::size_t from = at.point;
  for (; at.point < context.point_count() && points_.size() < kPointsPerEntryMax; ++at.point) {
    const Point& point = context.point(at.point);
    if (point.samples == 0) continue;  // all of its values were refused: there is nothing to tell
    points_.push_back(&point);
    samples += point.samples;
  }
  const Entry entry{context.type, leaving_.name(context), leaving_.tags(context), points_};
  const std::size_t before = batch_.bytes.size();
  if (points_.empty()) {
  } else if (kind == PayloadKind::kSketches) {
    protobuf_.append_sketch(batch_.bytes, entry, base_);
  } else if (settings_.form == SeriesForm::kProtobuf) {
    protobuf_.append_series(batch_.bytes, entry, settings_.histograms, base_);
  } else {
    append_series_json(batch_.bytes, settings_.form, entry, settings_.histograms, base_);
  }
  if (batch_.bytes.size() != before)
    add_part(samples);
  else
    losses_.filtered += samples;  // a histogram of which nothing is wanted
  for (std::size_t i = from; i < at.point; ++i) leaving_.give_up(context.point(i));
  if (at.point == context.point_count()) at = {at.context + 1, 0};
}

bool Pipeline::walk(PayloadKind kind, Place& at) {
  while (at.context < leaving_.size() && batch_.parts.size() < kEntriesPerPayloadMax
         && batch_.bytes.size() < kPayloadBytesMax) {
    Context& context = leaving_.context(at.context);
    const bool wanted = (context.type == MetricType::kDistribution) == (kind == PayloadKind::kSketches);
    if (wanted)
      take_entry(kind, context, at);
    else
      ++at.context;
  }
  batch_.kind = kind;
  return !batch_.parts.empty();
}

bool Pipeline::take_events() {
  if (events_.empty()) return false;
  const std::string source_type = events_.front().source_type;
  batch_.kind = PayloadKind::kEvents;
  batch_.prefix = events_prefix(source_type);
  std::erase_if(events_, [&](Waiting& each) {
    if (each.source_type != source_type) return false;
    event_bytes_ -= each.bytes.size();
    batch_.bytes.append(each.bytes);
    add_part(1);
    return true;
  });
  return true;
}

bool Pipeline::take_checks() {
  if (checks_.empty()) return false;
  batch_.kind = PayloadKind::kChecks;
  for (Waiting& each : checks_) {
    event_bytes_ -= each.bytes.size();
    batch_.bytes.append(each.bytes);
    add_part(1);
  }
  checks_.clear();
  return true;
}

const Batch& Pipeline::next(std::int64_t flush) {
  const auto walk_both = [this] {
    const bool found = walk(PayloadKind::kSeries, series_at_) || walk(PayloadKind::kSketches, sketches_at_);
    live_.set_reserved(leaving_.bytes());
    return found;
  };
  batch_ = {};  // gives its memory back, so that the allocator tidies up a little each time instead of much at the end
  if (walk_both()) return batch_;
  if (std::exchange(flush_, flush) != flush) {
    leaving_ = std::exchange(live_, Aggregator());
    series_at_ = sketches_at_ = {};
    if (walk_both()) return batch_;
  }
  if (take_events() || take_checks()) return batch_;
  leaving_ = Aggregator();
  live_.set_reserved(0);
  flush_ = 0;
  batch_ = {};
  return batch_;
}

}  // namespace metrics
