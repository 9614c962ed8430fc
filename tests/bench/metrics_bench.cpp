// What the metrics plugin costs, beside floors in the same run: a packed metric beside receiving, splitting and hashing
// the same bytes; a sketch insert beside a loop of log and rounding; a flush of 100,000 contexts, its longest call and
// its memory. Times are of the processor, since machines share.
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
#include "pipeline.hpp"

namespace {

constexpr std::size_t kContexts = 200, kPacketBytes = 1400, kPacketsMax = 64;
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

std::vector<std::string> metric_lines() {
  static constexpr const char* kTypes[] = {"c", "g", "d", "c"};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kContexts; ++i)
    out.push_back("shop.checkout.step_" + std::to_string(i % 40) + ":" + std::to_string(i * 7 % 1000) + "|"
                  + kTypes[i % 4] + "|#env:prod,region:eu-west-1,shard:" + std::to_string(i));
  return out;
}

// Packets of whole lines, up to `bytes` each.
std::vector<std::string> packed(const std::vector<std::string>& lines, std::size_t bytes) {
  std::vector<std::string> out(1);
  for (const std::string& line : lines) {
    if (!out.back().empty() && out.back().size() + 1 + line.size() > bytes) out.emplace_back();
    if (!out.back().empty()) out.back() += '\n';
    out.back() += line;
  }
  return out;
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
  std::printf("%s: %.0f ns per metric, floor %.0f ns, ratio %.2f (%llu)\n", what, ours, floor, ours / floor,
              static_cast<unsigned long long>(sink.seen() % 10));
}

void without_socket_bench() {
  const std::vector<std::string> packets = packed(metric_lines(), kPacketBytes);
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
  std::printf("packed, without the socket: %.0f ns per metric, floor %.0f ns, ratio %.2f (%llu)\n", ours, floor,
              ours / floor, static_cast<unsigned long long>(sink.seen() % 10));
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
  std::printf("sketch insert: %.1f ns, log and rounding %.1f ns, ratio %.2f; at rate 0.1 %.1f ns (%d)\n", ours, floor,
              ours / floor, weighted, static_cast<int>(sum) % 10);
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
  const double taken_ms = (cpu_ns() - begin) * 1e-6;
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
      "100,000 contexts of %s: taken in %.0f ms (longest packet %.2f ms), flush %.0f ms in %zu payloads of %zu MB, "
      "longest call %.2f ms, peak %.1f MB, afterwards %.1f MB\n",
      what, taken_ms, longest_packet * 1e-6, whole * 1e-6, payloads, bytes >> 20, longest * 1e-6,
      static_cast<double>(peak - before) / 1e6, static_cast<double>(resident_bytes() - before) / 1e6);
}

}  // namespace

int main() {
  flush_bench("counts", "c");
  flush_bench("distributions", "d");
  without_socket_bench();
  packets_bench("packed in 1,400 bytes", packed(metric_lines(), kPacketBytes));
  packets_bench("one per packet", metric_lines());
  sketch_bench();
  return 0;
}
