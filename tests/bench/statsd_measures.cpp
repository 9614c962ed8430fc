#include "statsd_measures.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include "floor/statsd_floor.hpp"
#include "floor/statsd_packets.hpp"

namespace bench {
namespace {

constexpr std::uint16_t kAgentPort = 8125, kFloorPort = 18125, kPeerPort = 18126;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kRoundNs = kSecond / 10;
constexpr int kRoundsPerLoad = 60;

[[noreturn]] void give_up(const std::string& sentence) {
  std::fprintf(stderr, "bench: %s\n", sentence.c_str());
  std::exit(1);
}

struct Udp {
  bool bound = false;
  std::uint64_t drops = 0, waiting_bytes = 0;
};

// The kernel's own words about the socket that is bound to the port.
Udp udp(std::uint16_t port) {
  std::ifstream table("/proc/net/udp");
  char wanted[8];
  std::snprintf(wanted, sizeof wanted, ":%04X", port);
  Udp out;
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::vector<std::string> column;
    for (std::string word; words >> word;) column.push_back(word);
    if (column.size() < 13 || column[1].find(wanted) == std::string::npos) continue;
    out.bound = true;
    out.drops += std::stoull(column[12]);
    out.waiting_bytes += std::stoull(column[4].substr(column[4].find(':') + 1), nullptr, 16);
  }
  return out;
}

std::int64_t cpu_ns_of(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) give_up("a receiver has ended");
  return time.tv_sec * kSecond + time.tv_nsec;
}

// A child with a port, gone with this object.
class Receiver {
 public:
  template <class Run>
  Receiver(std::uint16_t port, Run&& run) : pid_(fork()) {
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      run();
      _exit(1);
    }
    const std::int64_t until = steady_ns() + 5 * kSecond;
    while (!udp(port).bound && steady_ns() < until) usleep(1'000);
    if (!udp(port).bound) give_up("nobody listens on UDP port " + std::to_string(port));
  }
  ~Receiver() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Receives, splits and hashes, for ever.
void run_floor() {
  constexpr std::size_t kPackets = 64, kBytes = 2048;
  const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in name = loopback(kFloorPort);
  if (bind(socket, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return;
  static char bytes[kPackets][kBytes];
  iovec vectors[kPackets];
  mmsghdr headers[kPackets] = {};
  for (std::size_t i = 0; i < kPackets; ++i) {
    vectors[i] = {bytes[i], kBytes};
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  floor_program::Sink sink;
  for (;;) {
    const int count = recvmmsg(socket, headers, kPackets, MSG_WAITFORONE, nullptr);
    for (int i = 0; i < count; ++i) sink.take({bytes[i], headers[i].msg_len});
    if (sink.seen() == 1) return;  // so that the counting is not optimised away
  }
}

// The other agent looks for a function of a cloud that it knows, so it gets a folder that looks like one.
void run_peer(const std::string& path) {
  const int quiet = open("/dev/null", O_RDWR);
  dup2(quiet, 1);
  dup2(quiet, 2);
  constexpr const char* kHome = "/home";
  if (unshare(CLONE_NEWNS) != 0 || mount("bench", kHome, "tmpfs", 0, nullptr) != 0 || chdir(kHome) != 0) return;
  for (const char* folder : {"site", "site/wwwroot", "site/wwwroot/f"}) mkdir(folder, 0755);
  for (const char* file : {"site/wwwroot/host.json", "site/wwwroot/f/function.json"}) std::ofstream(file) << "{}";
  const std::string port = "DD_DOGSTATSD_PORT=" + std::to_string(kPeerPort);
  const char* const environment[] = {"FUNCTIONS_EXTENSION_VERSION=4",
                                     "FUNCTIONS_WORKER_RUNTIME=node",
                                     "WEBSITE_SITE_NAME=bench",
                                     "DD_API_KEY=0123456789abcdef0123456789abcdef",
                                     "DD_DD_URL=http://127.0.0.1:9",
                                     "DD_LOG_LEVEL=off",
                                     port.c_str(),
                                     nullptr};
  const char* const words[] = {path.c_str(), nullptr};
  execve(path.c_str(), const_cast<char**>(words), const_cast<char**>(environment));
}

struct Load {
  const char* name;
  std::vector<std::string> packets;
  double packets_per_second;
  double metrics_per_packet;
};

// Sends for a round at an even rate, then waits until everything has been received. Whoever sends falls behind on a
// busy machine: what is late by more than a millisecond is not sent at all, since it would come as a burst. Returns how
// many packets went out.
std::uint64_t send(const Load& load, std::uint16_t port, std::size_t& at) {
  static const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in to = loopback(port);
  const double behind_max = load.packets_per_second / 1000 + 1;
  std::uint64_t sent = 0;
  double due = 0;
  std::int64_t last = steady_ns();
  for (const std::int64_t end = last + kRoundNs; last < end;) {
    const std::int64_t now = steady_ns();
    due = std::min(due + static_cast<double>(now - last) * load.packets_per_second / kSecond, behind_max);
    last = now;
    for (; due >= 1; due -= 1) {
      const std::string& packet = load.packets[at++ % load.packets.size()];
      sent += sendto(socket, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) > 0;
    }
  }
  while (udp(port).waiting_bytes != 0) usleep(1'000);
  return sent;
}

struct Round {
  std::uint64_t sent = 0, lost = 0;
  std::int64_t cpu_ns = 0;
};

Round round_of(const Load& load, pid_t pid, std::uint16_t port, std::size_t& at) {
  const std::int64_t cpu = cpu_ns_of(pid);
  const std::uint64_t drops = udp(port).drops;
  Round out;
  out.sent = send(load, port, at);
  out.cpu_ns = cpu_ns_of(pid) - cpu;
  out.lost = udp(port).drops - drops;
  return out;
}

// The share that is lost, in all and in the half of the rounds with the least (others on the machine only add), and the
// CPU time of a metric, the least tenth of the rounds.
void print(const char* who, std::vector<Round> rounds, double metrics_per_packet) {
  const auto share = [](auto begin, auto end) {
    double sent = 0, lost = 0;
    for (; begin != end; ++begin) sent += static_cast<double>(begin->sent), lost += static_cast<double>(begin->lost);
    return lost / sent;
  };
  const auto half = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
  std::sort(rounds.begin(), rounds.end(), [](const Round& a, const Round& b) {
    return static_cast<double>(a.lost) * static_cast<double>(b.sent)
           < static_cast<double>(b.lost) * static_cast<double>(a.sent);
  });
  std::vector<double> costs;
  for (const Round& each : rounds)
    if (each.sent > each.lost)
      costs.push_back(static_cast<double>(each.cpu_ns)
                      / (static_cast<double>(each.sent - each.lost) * metrics_per_packet));
  std::sort(costs.begin(), costs.end());
  std::printf(R"(,"%s_lost":%.6f,"%s_lost_quiet":%.6f,"%s_ns":%.1f)", who, share(rounds.begin(), rounds.end()), who,
              share(rounds.begin(), half), who, costs.empty() ? 0 : costs[costs.size() / 10]);
}

void measure(const Load& load, Subject& agent, const Receiver& floor, const Receiver* peer) {
  struct Subjected {
    const char* name;
    pid_t pid;
    std::uint16_t port;
    std::vector<Round> rounds;
  };
  std::vector<Subjected> all{{"floor", floor.pid(), kFloorPort, {}}, {"agent", agent.world.pid(), kAgentPort, {}}};
  if (peer != nullptr) all.push_back({"peer", peer->pid(), kPeerPort, {}});
  std::size_t at = 0;
  for (int round = -2; round < kRoundsPerLoad; ++round)
    for (std::size_t i = 0; i < all.size(); ++i) {
      Subjected& each = all[(i + static_cast<std::size_t>(round + 2)) % all.size()];
      const Round found = round_of(load, each.pid, each.port, at);
      if (round >= 0) each.rounds.push_back(found);
    }
  std::printf(R"({"measure":"statsd_%s","packets_per_s":%.0f,"metrics_per_packet":%.2f)", load.name,
              load.packets_per_second, load.metrics_per_packet);
  for (const Subjected& each : all) print(each.name, each.rounds, load.metrics_per_packet);
  std::printf("}\n");
}

}  // namespace

void measure_statsd(const Options& options) {
  const std::vector<std::string> lines = floor_program::metric_lines(), packed = floor_program::packed(lines);
  const double per_packet = static_cast<double>(lines.size()) / static_cast<double>(packed.size());
  const Load loads[] = {
      {"packed", packed, 400'000 / per_packet, per_packet},
      {"packed_more", packed, 1'000'000 / per_packet, per_packet},
      {"single", lines, 100'000, 1},
      {"single_more", lines, 200'000, 1},
  };
  Subject agent(options, "periodically,60000");
  const Receiver floor(kFloorPort, run_floor);
  std::unique_ptr<Receiver> peer;
  if (!options.statsd_peer.empty())
    peer = std::make_unique<Receiver>(kPeerPort, [&options] { run_peer(options.statsd_peer); });
  for (const Load& load : loads) measure(load, agent, floor, peer.get());
}

void measure_metrics_added(const Options& options) {
  std::vector<double> start[2], dirty[2];
  for (int round = -3; round < options.rounds; ++round)
    for (const int with : {round & 1, ~round & 1}) {
      const std::string disabled = with != 0 ? "" : "metrics";
      const Subject subject(options, "end", {}, {"DD_PLUGINS_DISABLED=" + disabled});
      if (round < 0) continue;
      start[with].push_back(static_cast<double>(subject.world.start_ns()));
      dirty[with].push_back(static_cast<double>(subject.world.memory().private_dirty_bytes));
    }
  std::printf(R"({"measure":"metrics_added","with_ns":%.0f,"without_ns":%.0f,"with_bytes":%.0f,"without_bytes":%.0f})"
              "\n",
              median(start[1]), median(start[0]), median(dirty[1]), median(dirty[0]));
}

}  // namespace bench
