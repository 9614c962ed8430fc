// A byte stream to a peer under a deadline, plain or (after start_tls) encrypted.
//
// Every operation ends with kTimeout when the deadline of limit() passes: one timer per stream, moved only
// when it has to ring earlier. Used by HttpConnection; knows no HTTP. After an error the stream is closed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/task.hpp"
#include "net/tls_session.hpp"

namespace agent {

class Stream : public std::enable_shared_from_this<Stream> {
 public:
  explicit Stream(Loop& loop);
  ~Stream();

  // From now on; kNever: no limit.
  void limit(Steady deadline);

  Task<Status> connect(std::string host, std::uint16_t port);
  // Takes over a connected socket that came along through an exec.
  Status adopt(int descriptor);
  // -1: not open.
  int descriptor();
  // Encrypts what follows. `host`: who the peer must prove to be; kDenied, with the reason, where it does not.
  Task<Status> start_tls(const TlsContext& context, std::string host);
  // Writes both. written() tells whether any of it left. It breaks off, without closing, where the peer refuses before
  // all of it was sent: then answered() is true, and the answer can be read.
  Task<Status> write(std::string_view first, std::string_view second);
  // 0 bytes: the peer has ended.
  Task<Result<std::size_t>> read(std::span<char> room);

  // Since forget_written().
  bool written() const { return written_; }
  void forget_written() { written_ = answered_ = false; }
  bool answered() const { return answered_; }
  // An idle peer has closed, or said something that nobody asked for.
  bool stale();
  bool open() const { return socket_.is_open(); }
  void close();
  // Says that nothing more will be written.
  void end();

 private:
  using Executor = boost::asio::io_context::executor_type;
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

  Task<Status> connect_one(boost::asio::ip::tcp::endpoint endpoint, std::string_view host);
  Task<Status> send(std::string_view first, std::string_view second);
  Task<Result<std::size_t>> receive(std::span<char> room);
  Task<boost::system::error_code> wait_to_send(bool listens);
  // What the peer has said so far, up to some bytes; nothing is taken away from read().
  std::string_view heard();
  Task<Status> shake_hands(TlsSession& session);
  Task<Status> send_pending(TlsSession& session);
  Task<Status> receive_encrypted(TlsSession& session);
  bool says_something(TlsSession& session);
  void say_end();
  Error failed(const boost::system::error_code& error, std::string_view doing);
  void arm(Steady when);
  void ring();

  Loop& loop_;
  Socket socket_;
  Timer timer_;
  std::unique_ptr<TlsSession> tls_;  // kept after close(): a call that is under way may be looking at it
  Steady deadline_ = kNever;
  Steady armed_ = kNever;
  bool timed_out_ = false;
  bool written_ = false;
  bool answered_ = false;
  std::string heard_;  // encrypted: what was decrypted before read() asked for it; else: a look at what waits
};

}  // namespace agent
