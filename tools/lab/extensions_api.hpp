// The Extensions API with the platform's own state rules.
//
// Registration is open only during init (later: 403 Extension.RegistrationClosed); an identifier that is missing, no
// UUID or unknown is 403; a second /next while one is open is 403 Extension.InvalidExtensionState. An extension whose
// name is the agent's file name is an external one; others are taken as internal and may not ask for SHUTDOWN.
// A scenario may put any answer in the queue of /next. Called by the platform's HTTP server and the sandbox.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lab/http.hpp"
#include "lab/json.hpp"
#include "lab/monitor.hpp"

namespace lab {

class ExtensionsApi {
 public:
  struct Extension {
    std::string name, identifier;
    std::vector<std::string> events;
    bool external = false;
    bool waiting = false;        // a /next is open
    bool shutting_down = false;  // SHUTDOWN was handed out
    unsigned nexts = 0, served = 0;
    Clock::time_point first_next{};
    std::deque<HttpAnswer> queue;
    std::string error;  // what it reported to init/error or exit/error
  };
  struct Call {
    std::string path;
    Headers headers;
    std::string body;
    int status = 0;
  };

  explicit ExtensionsApi(Monitor& monitor) : monitor_(monitor) {}

  void set_facts(std::string function_name, bool managed);  // of the sandbox
  // A new agent starts under this file name: registration is open, the extensions of before are forgotten.
  void open(std::string external_name);
  void close();  // init is over
  HttpAnswer handle(const HttpRequest& request, const HttpServer::Gone& gone);
  // Keeps it among the calls, which handle() does for its own.
  void note(const HttpRequest& request, const HttpAnswer& answer);
  // Answers register with this instead.
  void answer_register_with(std::optional<HttpAnswer> answer);

  // To each extension that asked for this kind of event ("INVOKE", "SHUTDOWN").
  void push(const std::string& kind, const json::object& event);
  // To each extension, as it is.
  void push_raw(const HttpAnswer& answer);

  // Under the lock of the monitor.
  // Some extension is registered, and all wait in /next with nothing in their queues.
  bool idle() const;
  bool all_in_next(unsigned nexts) const;
  const Extension* external() const;
  const Extension* by_identifier(std::string_view identifier) const;
  const std::vector<Call>& calls() const { return calls_; }
  unsigned registrations() const { return registrations_; }

 private:
  HttpAnswer registration(const HttpRequest& request);
  HttpAnswer next(const HttpRequest& request, const HttpServer::Gone& gone);
  HttpAnswer failed(const HttpRequest& request);
  std::optional<HttpAnswer> refusal(const HttpRequest& request) const;

  Monitor& monitor_;
  std::string function_name_ = "lab-function", external_name_;
  bool open_ = false, managed_ = false;
  std::map<std::string, Extension, std::less<>> extensions_;  // by identifier
  std::optional<HttpAnswer> register_instead_;
  std::vector<Call> calls_;  // the last ones, kCallsKept
  unsigned registrations_ = 0;
};

}  // namespace lab
