// The Extensions API and the Telemetry subscription: what the agent says to the platform, over one connection.
//
// register and subscribe (in two steps each, so that work is done while the answer is on its way), next. Waits and
// retries are the caller's (lifecycle_loop); a connection that has broken is opened anew by the next call. Wire facts:
// AWS Lambda Extensions API 2020-01-01 and Telemetry API 2022-07-01.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "lambda/event_next.hpp"
#include "lambda/register_answer.hpp"
#include "net/http_client.hpp"
#include "net/task.hpp"

namespace agent {

class ExtensionsApi {
 public:
  // `address`: AWS_LAMBDA_RUNTIME_API, "127.0.0.1:9001". `extension_name`: the agent's own file name.
  ExtensionsApi(Loop& loop, std::string_view address, std::string extension_name);

  // Connects and sends; the answer is read by registration(). `managed`: SHUTDOWN only.
  Task<Status> send_register(bool managed);
  // The answer of register. Anything but 200 with an identifier is an error.
  Task<Result<RegisterAnswer>> registration();

  // Sends the subscription; the answer is read by subscribed().
  Task<Status> send_subscription(std::string body);
  // Anything but 200 is an error that says why not (the emulator has no Telemetry API).
  Task<Status> subscribed();

  // What the platform has been asked and has not answered; it refuses to be asked twice.
  enum class Awaited { kNothing, kRegistration, kNext };
  // Told whenever that changes, with the connection's descriptor.
  void on_awaited(std::function<void(Awaited, int descriptor)> watch) { watch_ = std::move(watch); }
  // Goes on where an earlier life of this process was; registration() or next() then only reads. `identifier` is empty
  // before the answer of register.
  void adopt(std::string identifier, Awaited awaited, int descriptor);
  const std::string& identifier() const { return extension_id_; }

  // Blocks until the platform has an event. An error may be tried again after a pause.
  Task<Result<NextEvent>> next();
  // Breaks off a pending next().
  void close() { connection_.close(); }

 private:
  Task<Status> reopen(Steady deadline);
  Task<Status> ask_for_next();
  void await_answer(Awaited awaited);

  std::string extension_name_;
  std::string extension_id_;
  Error address_error_;
  HttpConnection connection_;
  Awaited awaited_ = Awaited::kNothing;
  std::function<void(Awaited, int)> watch_;
};

// The body of the subscription: function and extension lines only where a plugin wants them, platform events always.
std::string subscription_body(bool function_lines, bool extension_lines, bool managed, std::string_view receiver_uri);

}  // namespace agent
