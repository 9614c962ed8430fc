// What the metrics plugin costs, beside floors in the same run: a packed metric beside receiving, splitting and hashing
// the same bytes; a sketch insert beside a loop of log and rounding; a flush of 100,000 contexts, its longest call and
// its memory. Times are of the processor, since machines share. One JSON object per measure on stdout; bench.py makes
// the table.
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "floor/statsd_floor.hpp"
#include "floor/statsd_packets.hpp"
#include "pipeline.hpp"

namespace {

using floor_program::metric_lines;
using floor_program::packed;

constexpr std::size_t kPacketsMax = 64;
constexpr int kRounds = 9;

double cpu_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

// The least of several rounds, per unit: what disturbs only adds.
double least(std::size_t units, const std::function<void()>& round) {
  double best = 1e300;
  for (int i = 0; i < kRounds; ++i) {
    const double begin = cpu_ns();
    round();
    best = std::min(best, (cpu_ns() - begin) / static_cast<double>(units));
  }
  return best;
}

std::size_t lines_in(const std::vector<std::string>& packets) {
  std::size_t out = 0;
  for (const std::string& packet : packets) out += 1 + std::count(packet.begin(), packet.end(), '\n');
  return out;
}

// A socket that takes what it has sent itself: the cost of receiving without another process.
class Loopback {
 public:
  Loopback() : in_(::socket(AF_INET, SOCK_DGRAM, 0)), out_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    const int bytes = 8 << 20;
    ::setsockopt(in_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof name;
    if (::bind(in_, reinterpret_cast<sockaddr*>(&name), size) != 0
        || ::getsockname(in_, reinterpret_cast<sockaddr*>(&name), &size) != 0
        || ::connect(out_, reinterpret_cast<sockaddr*>(&name), size) != 0)
      std::abort();
    for (std::size_t i = 0; i < kPacketsMax; ++i) {
      vectors_[i] = {bytes_ + i * kSlot, kSlot};
      headers_[i].msg_hdr.msg_iov = &vectors_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  ~Loopback() { ::close(in_), ::close(out_); }

  void send(const std::string& packet) const {
    if (::send(out_, packet.data(), packet.size(), 0) < 0) std::abort();
  }
  template <class Take>
  void receive(Take&& take) {
    const int count = ::recvmmsg(in_, headers_, kPacketsMax, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; ++i) take(std::string_view(bytes_ + i * kSlot, headers_[i].msg_len));
  }

 private:
  static constexpr std::size_t kSlot = 2048;
  int in_, out_;
  char bytes_[kSlot * kPacketsMax]{};
  iovec vectors_[kPacketsMax]{};
  mmsghdr headers_[kPacketsMax]{};
};

// Nanoseconds per metric of receiving and taking `packets`, without the sending.
template <class Take>
double received(const std::vector<std::string>& packets, Take&& take) {
  static Loopback loopback;
  const std::size_t lines = lines_in(packets);
  double best = 1e300;
  for (int i = 0; i < 5 * kRounds; ++i) {
    double spent = 0;
    for (int repeat = 0; repeat < 20; ++repeat)
      for (std::size_t at = 0; at < packets.size(); at += kPacketsMax) {
        const std::size_t end = std::min(packets.size(), at + kPacketsMax);
        for (std::size_t n = at; n < end; ++n) loopback.send(packets[n]);
        const double begin = cpu_ns();
        loopback.receive(take);
        spent += cpu_ns() - begin;
      }
    best = std::min(best, spent / static_cast<double>(20 * lines));
  }
  return best;
}

// `seen`: what was made of the values, so that making it is not left out.
void print(const char* what, double ours, double floor, std::uint64_t seen) {
  std::printf(R"({"measure":"%s","ns":%.2f,"floor_ns":%.2f,"seen":%llu})"
              "\n",
              what, ours, floor, static_cast<unsigned long long>(seen));
}

metrics::Pipeline new_pipeline() {
  metrics::PipelineSettings settings;
  std::vector<std::string> findings;
  settings.histograms = metrics::read_histograms({"max", "median", "avg", "count"}, {"0.95"}, findings);
  metrics::Pipeline out(std::move(settings));
  std::vector<std::string> tags{"function_arn:arn:aws:lambda:eu-west-1:123456789012:function:checkout"};
  for (int i = 0; i < 14; ++i) tags.push_back("sandbox_tag_" + std::to_string(i) + ":value");
  out.set_base_tags(metrics::BaseTags(std::move(tags), {}));
  out.tell_time(1'700'000'000);
  return out;
}

void packets_bench(const char* what, const std::vector<std::string>& packets) {
  metrics::Pipeline pipeline = new_pipeline();
  floor_program::Sink sink;
  const double floor = received(packets, [&sink](std::string_view packet) { sink.take(packet); });
  const double ours = received(packets, [&pipeline](std::string_view packet) { pipeline.add_packet(packet); });
  print(what, ours, floor, sink.seen());
}

void without_socket_bench() {
  const std::vector<std::string> packets = packed(metric_lines());
  metrics::Pipeline pipeline = new_pipeline();
  floor_program::Sink sink;
  const std::size_t lines = lines_in(packets);
  const double floor = least(lines * 200, [&] {
    for (int i = 0; i < 200; ++i)
      for (const std::string& packet : packets) sink.take(packet);
  });
  const double ours = least(lines * 200, [&] {
    for (int i = 0; i < 200; ++i)
      for (const std::string& packet : packets) pipeline.add_packet(packet);
  });
  print("metric_without_socket", ours, floor, sink.seen());
}

void sketch_bench() {
  std::mt19937_64 random(1);
  std::vector<double> values(200'000);
  for (double& value : values) value = std::lognormal_distribution<>(3, 1)(random);
  double sum = 0;
  const double floor = least(values.size(), [&] {
    for (const double value : values) sum += std::nearbyint(std::log(value) / 0.015504186535965254);
  });
  sls::Sketch sketch, sampled;
  const double ours = least(values.size(), [&] {
    for (const double value : values) sketch.insert(value);
  });
  const double weighted = least(values.size(), [&] {
    for (const double value : values) sampled.insert(value, 0.1);
  });
  print("sketch_insert", ours, floor, static_cast<std::uint64_t>(sum));
  print("sketch_insert_weighted", weighted, floor, static_cast<std::uint64_t>(sampled.count()));
}

std::size_t resident_bytes() {
  long pages = 0, resident = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<std::size_t>(resident * ::sysconf(_SC_PAGESIZE));
}

void flush_bench(const char* what, const char* type) {
  metrics::Pipeline pipeline = new_pipeline();
  const std::size_t before = resident_bytes();
  double begin = cpu_ns(), longest_packet = 0;
  for (std::size_t i = 0; i < metrics::Aggregator::kContextsMax; ++i) {
    const std::string line =
        "shop.checkout.step_" + std::to_string(i) + ":7|" + type + "|#env:prod,shard:" + std::to_string(i);
    const double packet_begin = cpu_ns();
    pipeline.add_packet(line);
    longest_packet = std::max(longest_packet, cpu_ns() - packet_begin);
  }
  const double taken = cpu_ns() - begin;
  std::size_t payloads = 0, bytes = 0, peak = resident_bytes();
  double longest = 0, whole = 0;
  for (bool more = true; more;) {
    begin = cpu_ns();
    const metrics::Batch& batch = pipeline.next(1);
    const double spent = cpu_ns() - begin;
    more = batch.kind != metrics::PayloadKind::kNone;
    payloads += more ? 1 : 0, bytes += batch.bytes.size();
    longest = std::max(longest, spent), whole += spent;
    peak = std::max(peak, resident_bytes());
  }
  std::printf(
      R"({"measure":"flush_%s","taken_ns":%.0f,"longest_packet_ns":%.0f,"flush_ns":%.0f,"longest_call_ns":%.0f,)"
      R"("payloads":%zu,"bytes":%zu,"peak_bytes":%zu,"afterwards_bytes":%zu})"
      "\n",
      what, taken, longest_packet, whole, longest, payloads, bytes, peak - before, resident_bytes() - before);
}

}  // namespace

int main() {
  flush_bench("counts", "c");
  flush_bench("distributions", "d");
  without_socket_bench();
  packets_bench("metric_packed", packed(metric_lines()));
  packets_bench("metric_alone", metric_lines());
  sketch_bench();
  return 0;
}
