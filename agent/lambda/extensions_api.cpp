#include "lambda/extensions_api.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

namespace agent {
namespace {

constexpr std::string_view kRegisterPath = "/2020-01-01/extension/register";
constexpr std::string_view kNextPath = "/2020-01-01/extension/event/next";
constexpr std::string_view kTelemetryPath = "/2022-07-01/telemetry";
constexpr std::string_view kIdentifier = "Lambda-Extension-Identifier";
constexpr std::size_t kAnswerBytesMax = 1 << 20;

Url peer_of(std::string_view address, Error& error) {
  Result<Url> url = Url::parse(cat("http://", address));
  if (url) return *std::move(url);
  error = {ErrorCode::kInvalid, cat("AWS_LAMBDA_RUNTIME_API is ", json_quoted(address), "; host:port was wanted")};
  return {};
}

// Printable ASCII and short: it goes back into a header.
bool is_header_value(std::string_view text) {
  if (text.empty() || text.size() > 256) return false;
  for (char c : text)
    if (c < 0x21 || c > 0x7e) return false;
  return true;
}

Steady soon(Nanos wait) { return Now::read().steady + wait; }

}  // namespace

ExtensionsApi::ExtensionsApi(Loop& loop, std::string_view address, std::string extension_name)
    : extension_name_(std::move(extension_name)), connection_(loop, peer_of(address, address_error_)) {}

Task<Status> ExtensionsApi::reopen(Steady deadline) {
  if (!address_error_.text.empty()) co_return address_error_;
  connection_.close();
  co_return co_await connection_.open(deadline);
}

Task<Status> ExtensionsApi::send_register(bool managed) {
  const Steady deadline = soon(limits::kRegisterTimeout);
  Status opened = co_await reopen(deadline);
  if (!opened) co_return opened;
  ClientRequest request;
  request.method = "POST";
  request.target = kRegisterPath;
  request.headers.emplace_back("Lambda-Extension-Name", extension_name_);
  request.headers.emplace_back("Lambda-Extension-Accept-Feature", "accountId");
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = managed ? R"({"events":["SHUTDOWN"]})" : R"({"events":["INVOKE","SHUTDOWN"]})";
  Status sent = co_await connection_.send(request, deadline);
  if (sent) await_answer(Awaited::kRegistration);
  co_return sent;
}

void ExtensionsApi::await_answer(Awaited awaited) {
  awaited_ = awaited;
  if (watch_) watch_(awaited, connection_.descriptor());
}

void ExtensionsApi::adopt(std::string identifier, Awaited awaited, int descriptor) {
  extension_id_ = std::move(identifier);
  // Where it cannot be taken over, its answer is lost; asking again is all that is left.
  if (awaited != Awaited::kNothing && connection_.adopt(descriptor)) await_answer(awaited);
}

Task<Result<RegisterAnswer>> ExtensionsApi::registration() {
  Result<ClientResponse> answer = co_await connection_.receive(kAnswerBytesMax, soon(limits::kRegisterTimeout));
  await_answer(Awaited::kNothing);
  if (!answer) co_return answer.error();
  if (answer->status != 200)
    co_return Error{ErrorCode::kDenied, cat("register answered ", answer->status, ": ", answer->body.substr(0, 200))};
  const std::string_view identifier = answer->header(kIdentifier);
  if (!is_header_value(identifier))
    co_return Error{ErrorCode::kProtocol, cat("register answered without a usable ", kIdentifier)};
  extension_id_ = identifier;
  co_return parse_register_answer(answer->body);
}

Task<Status> ExtensionsApi::send_subscription(std::string body) {
  const Steady deadline = soon(limits::kSubscribeTimeout);
  if (!connection_.reusable()) {
    Status opened = co_await reopen(deadline);
    if (!opened) co_return opened;
  }
  ClientRequest request;
  request.method = "PUT";
  request.target = kTelemetryPath;
  request.headers.emplace_back(kIdentifier, extension_id_);
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = body;
  co_return co_await connection_.send(request, deadline);
}

Task<Status> ExtensionsApi::subscribed() {
  Result<ClientResponse> answer = co_await connection_.receive(kAnswerBytesMax, soon(limits::kSubscribeTimeout));
  if (!answer) co_return answer.error();
  if (answer->status != 200)
    co_return Error{ErrorCode::kDenied, cat("it answered ", answer->status, ": ", answer->body.substr(0, 200))};
  co_return Status();
}

Task<Status> ExtensionsApi::ask_for_next() {
  if (!connection_.reusable()) {
    Status opened = co_await reopen(soon(limits::kConnectTimeout));
    if (!opened) co_return opened.error();
  }
  ClientRequest request;
  request.method = "GET";
  request.target = kNextPath;
  request.headers.emplace_back(kIdentifier, extension_id_);
  Status sent = co_await connection_.send(request, soon(limits::kConnectTimeout));
  if (!sent) connection_.close();
  if (sent) await_answer(Awaited::kNext);
  co_return sent;
}

Task<Result<NextEvent>> ExtensionsApi::next() {
  if (awaited_ != Awaited::kNext) {
    Status asked = co_await ask_for_next();
    if (!asked) co_return asked.error();
  }
  Result<ClientResponse> answer = co_await connection_.receive(kAnswerBytesMax, kNever);
  await_answer(Awaited::kNothing);
  if (!answer) {
    connection_.close();
    co_return answer.error();
  }
  if (answer->status < 200 || answer->status >= 300)
    co_return Error{ErrorCode::kProtocol, cat("/next answered ", answer->status, ": ", answer->body.substr(0, 200))};
  co_return parse_next_event(answer->body);
}

std::string subscription_body(bool function_lines, bool extension_lines, bool managed, std::string_view receiver_uri) {
  std::string body =
      cat(R"({"schemaVersion":")", managed ? "2025-01-29" : "2022-12-13",
          R"(","destination":{"protocol":"HTTP","URI":)", json_quoted(receiver_uri), R"(},"types":["platform")");
  if (function_lines) body += R"(,"function")";
  if (extension_lines) body += R"(,"extension")";
  // The smallest time-out and the smallest batches that the platform accepts: lines are here soon after they were
  // written.
  body += R"(],"buffering":{"maxItems":1000,"maxBytes":262144,"timeoutMs":25}})";
  return body;
}

}  // namespace agent
