#include "world.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace bench {
namespace {

constexpr std::int64_t kPatienceNs = 10'000'000'000;

[[noreturn]] void give_up(const std::string& sentence) {
  std::fprintf(stderr, "bench: %s\n", sentence.c_str());
  std::exit(1);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int listen_anywhere(std::uint16_t& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listener, 64) != 0)
    give_up("cannot listen on the loopback");
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  port = ntohs(address.sin_port);
  return listener;
}

void no_delay(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) give_up(std::string("a peer does not read: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

// The value of a header in `head`, compared without regard to case; empty where there is none.
std::string_view header(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() > name.size() && line[name.size()] == ':'
        && strncasecmp(line.data(), name.data(), name.size()) == 0) {
      std::string_view value = line.substr(name.size() + 1);
      while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      return value;
    }
  }
  return {};
}

// The length of the message that `input` begins with, head and body; 0 where it is not whole yet.
std::size_t message_length(std::string_view input, std::size_t& head_length) {
  const std::size_t end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  head_length = end + 4;
  const std::string_view head = input.substr(0, end + 2);
  if (header(head, "transfer-encoding") == "chunked") {
    const std::size_t last = input.find("0\r\n\r\n", head_length);
    return last == std::string_view::npos ? 0 : last + 5;
  }
  std::size_t body = 0;
  const std::string_view announced = header(head, "content-length");
  std::from_chars(announced.data(), announced.data() + announced.size(), body);
  return input.size() >= head_length + body ? head_length + body : 0;
}

std::string answer(int status, std::string_view headers, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + std::string(headers)
         + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string post(std::string_view path, std::string_view headers, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(headers)
         + "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"
         + std::string(body);
}

Client::Client(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(port);
  const timeval patience{10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    give_up("nobody listens on port " + std::to_string(port));
  no_delay(socket_);
}

Client::~Client() { close(socket_); }

int Client::exchange(std::string_view request) {
  send_all(socket_, request);
  std::size_t head = 0, length = 0;
  while ((length = message_length(input_, head)) == 0) {
    char bytes[16384];
    const ssize_t n = recv(socket_, bytes, sizeof bytes, 0);
    if (n <= 0) give_up("no answer to " + std::string(request.substr(0, request.find("\r\n"))));
    input_.append(bytes, static_cast<std::size_t>(n));
  }
  const int status = std::atoi(input_.c_str() + 9);
  input_.erase(0, length);
  return status;
}

World::World() : api_listener_(listen_anywhere(api_port_)), intake_listener_(listen_anywhere(intake_port_)) {}

World::~World() {
  kill();
  close(api_listener_);
  close(intake_listener_);
}

std::string World::intake_origin() const { return "http://127.0.0.1:" + std::to_string(intake_port_); }

void World::start(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
  std::vector<std::string> variables = environment;
  variables.push_back("AWS_LAMBDA_RUNTIME_API=127.0.0.1:" + std::to_string(api_port_));
  std::vector<char*> argv, envp;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  for (const std::string& variable : variables) envp.push_back(const_cast<char*>(variable.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  first_next_at_ = 0;
  nexts_ = 0;
  telemetry_port_ = 0;
  const int quiet = open("/dev/null", O_RDWR | O_CLOEXEC);
  const bool show = std::getenv("BENCH_SHOW") != nullptr;
  started_at_ = steady_ns();
  pid_ = vfork();
  if (pid_ == 0) {
    if (!show) dup2(quiet, 1);
    dup2(quiet, 0);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(quiet);
  if (pid_ < 0) give_up("cannot start " + command.front());
  wait_for_next();
}

void World::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
  drop_connections();
}

int World::shut_down() {
  const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(2);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(deadline.time_since_epoch()).count();
  answer_next(R"({"eventType":"SHUTDOWN","shutdownReason":"spindown","deadlineMs":)" + std::to_string(ms) + "}");
  int status = 0;
  for (const std::int64_t end = steady_ns() + kPatienceNs; waitpid(pid_, &status, WNOHANG) == 0;) {
    if (steady_ns() > end) give_up("it is still running after SHUTDOWN");
    turn(5);
  }
  pid_ = -1;
  drop_connections();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void World::answer_next(std::string_view event) {
  if (asking_ < 0) give_up("it does not ask for an event");
  send_all(asking_, answer(200, "Content-Type: application/json\r\n", event));
  asking_ = -1;
}

void World::wait_for_next() {
  const std::int64_t end = steady_ns() + kPatienceNs;
  while (asking_ < 0) {
    if (steady_ns() > end || waitpid(pid_, nullptr, WNOHANG) != 0) give_up("it does not ask for the next event");
    turn(1000);
  }
}

void World::turn(int timeout_ms) {
  std::vector<pollfd> sockets = {{api_listener_, POLLIN, 0}, {intake_listener_, POLLIN, 0}};
  for (const Connection& connection : connections_) sockets.push_back({connection.socket, POLLIN, 0});
  drip();
  if (poll(sockets.data(), sockets.size(), timeout_ms) <= 0) return;
  for (std::size_t i = sockets.size(); i-- > 2;) {
    if (sockets[i].revents == 0 || read_from(connections_[i - 2])) continue;
    if (connections_[i - 2].socket == asking_) asking_ = -1;
    close(connections_[i - 2].socket);
    connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i - 2));
  }
  if (sockets[0].revents != 0) accept_from(api_listener_, false);
  if (sockets[1].revents != 0) accept_from(intake_listener_, true);
}

void World::accept_from(int listener, bool is_intake) {
  const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) return;
  no_delay(socket);
  connections_.push_back({socket, is_intake, {}, {}, 0});
}

bool World::read_from(Connection& connection) {
  char bytes[65536];
  const ssize_t n = recv(connection.socket, bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  connection.input.append(bytes, static_cast<std::size_t>(n));
  std::size_t head = 0;
  while (const std::size_t length = message_length(connection.input, head)) {
    const std::string message = connection.input.substr(0, length);
    connection.input.erase(0, length);
    serve(connection, std::string_view(message).substr(0, head), std::string_view(message).substr(head));
  }
  return true;
}

void World::serve(Connection& connection, std::string_view head, std::string_view body) {
  if (connection.is_intake) {
    ++intake_requests_;
    if (intake_manner_ == Intake::kMute) return;
    if (intake_manner_ == Intake::kForbidden) return send_all(connection.socket, answer(403, "", "no"));
    if (intake_manner_ == Intake::kDrip) {
      connection.drip = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";
      return;
    }
    send_all(connection.socket, answer(202, "Content-Type: application/json\r\n", "{}"));
  } else if (head.find("/extension/event/next") != std::string_view::npos) {
    const std::int64_t now = steady_ns();
    if (nexts_++ == 0) first_next_at_ = now;
    asking_ = connection.socket;
  } else if (head.find("/extension/register") != std::string_view::npos) {
    send_all(
        connection.socket,
        answer(200, "Lambda-Extension-Identifier: 5b5a1e6a-9c2e-4f0b-8d52-0f0c1b2a3d4e\r\n",
               R"({"functionName":"bench","functionVersion":"$LATEST","handler":"h","accountId":"123456789012"})"));
  } else {
    const std::size_t uri = body.find("http://");
    const std::size_t colon = uri == std::string_view::npos ? uri : body.find(':', uri + 7);
    if (head.find("/telemetry") != std::string_view::npos && colon != std::string_view::npos)
      telemetry_port_ = static_cast<std::uint16_t>(std::atoi(body.data() + colon + 1));
    send_all(connection.socket, answer(200, "", "OK"));
  }
}

void World::drip() {
  const std::int64_t now = steady_ns();
  for (Connection& connection : connections_) {
    if (connection.drip.empty() || now - connection.dripped_at < 1'000'000'000) continue;
    if (send(connection.socket, connection.drip.data(), 1, MSG_NOSIGNAL) == 1) connection.drip.remove_prefix(1);
    connection.dripped_at = now;
  }
}

void World::serve_for(int milliseconds) {
  for (const std::int64_t end = steady_ns() + milliseconds * 1'000'000LL; steady_ns() < end;) turn(1);
}

void World::drop_connections() {
  for (const Connection& connection : connections_) close(connection.socket);
  connections_.clear();
  asking_ = -1;
}

std::int64_t World::cpu_ns() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0) give_up("no CPU clock of the agent");
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

Memory World::memory() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/smaps_rollup");
  Memory memory;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    std::uint64_t kilobytes = 0;
    words >> name >> kilobytes;
    if (name == "Rss:") memory.rss_bytes = kilobytes * 1024;
    if (name == "Private_Dirty:") memory.private_dirty_bytes = kilobytes * 1024;
  }
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) memory.peak_rss_bytes = std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  return memory;
}

bool enter_own_network() {
  if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const bool up = ioctl(socket, SIOCSIFFLAGS, &request) == 0;
  close(socket);
  return up;
}

}  // namespace bench
