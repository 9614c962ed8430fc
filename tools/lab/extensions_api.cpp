#include "lab/extensions_api.hpp"

#include <algorithm>

#include "lab/stamp.hpp"

namespace lab {
namespace {

constexpr std::size_t kCallsKept = 1000;
constexpr std::size_t kExtensionsMax = 10;
constexpr Milliseconds kLookForHangUp{50};

HttpAnswer refused(std::string_view type, std::string_view message) {
  const json::object body{{"errorMessage", message}, {"errorType", type}};
  return {403, json::serialize(body), {{"Content-Type", "application/json"}}};
}

bool looks_like_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

bool asks_for_account_id(std::string_view features) {
  while (!features.empty()) {
    const std::size_t comma = features.find(',');
    std::string_view one = features.substr(0, comma);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (one == "accountId") return true;
    features = comma == std::string_view::npos ? std::string_view() : features.substr(comma + 1);
  }
  return false;
}

bool has(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

void ExtensionsApi::set_facts(std::string function_name, bool managed) {
  const Lock lock(monitor_.mutex);
  function_name_ = std::move(function_name);
  managed_ = managed;
}

void ExtensionsApi::open(std::string external_name) {
  const Lock lock(monitor_.mutex);
  external_name_ = std::move(external_name);
  open_ = true;
  extensions_.clear();
  monitor_.moved.notify_all();
}

void ExtensionsApi::close() {
  const Lock lock(monitor_.mutex);
  open_ = false;
}

void ExtensionsApi::answer_register_with(std::optional<HttpAnswer> answer) {
  const Lock lock(monitor_.mutex);
  register_instead_ = std::move(answer);
}

HttpAnswer ExtensionsApi::handle(const HttpRequest& request, const HttpServer::Gone& gone) {
  const std::string_view path = request.path;
  HttpAnswer answer;
  if (path == "/2020-01-01/extension/register" && request.method == "POST")
    answer = registration(request);
  else if (path == "/2020-01-01/extension/event/next" && request.method == "GET")
    answer = next(request, gone);
  else if (path == "/2020-01-01/extension/init/error" || path == "/2020-01-01/extension/exit/error")
    answer = failed(request);
  else
    answer = {404, "{}", {}};
  note(request, answer);
  return answer;
}

void ExtensionsApi::note(const HttpRequest& request, const HttpAnswer& answer) {
  const Lock lock(monitor_.mutex);
  if (calls_.size() >= kCallsKept) calls_.erase(calls_.begin(), calls_.begin() + kCallsKept / 2);
  calls_.push_back({request.path, request.headers, request.body, answer.status});
}

HttpAnswer ExtensionsApi::registration(const HttpRequest& request) {
  const Lock lock(monitor_.mutex);
  ++registrations_;
  monitor_.moved.notify_all();
  if (register_instead_) return *register_instead_;
  const std::string name(request.header("lambda-extension-name"));
  if (name.empty()) return refused("Extension.InvalidExtensionName", "Lambda-Extension-Name is empty");
  if (!open_) return refused("Extension.RegistrationClosed", "Extension registration closed already");
  if (extensions_.size() >= kExtensionsMax) return refused("Extension.TooManyExtensions", "10 is the limit");
  for (const auto& [identifier, known] : extensions_)
    if (known.name == name) return refused("Extension.InvalidExtensionState", name + " is registered already");

  json::error_code error;
  const json::value body = json::parse(request.body, error);
  if (error || !body.is_object() || body.get_object().contains("configurationKeys"))
    return refused("InvalidRequestFormat", "the body is not what was expected");
  Extension extension;
  extension.name = name;
  extension.external = name == external_name_;
  if (const json::value* events = find(body, "/events"); events && events->is_array())
    for (const json::value& event : events->get_array()) extension.events.push_back(text_of(&event));
  for (const std::string& event : extension.events) {
    if (event != "INVOKE" && event != "SHUTDOWN") return refused("Extension.InvalidEventType", event);
    if (event == "INVOKE" && managed_) return refused("Extension.InvalidEventType", "INVOKE on managed instances");
    if (event == "SHUTDOWN" && !extension.external)
      return refused("ShutdownEventNotSupportedForInternalExtension",
                     name + " is not the file name of an external extension (" + external_name_ + ")");
  }
  const std::string identifier = extension.identifier = fresh_uuid();
  extensions_.emplace(identifier, std::move(extension));

  json::object reply{{"functionName", function_name_}, {"functionVersion", "$LATEST"}, {"handler", "index.handler"}};
  if (asks_for_account_id(request.header("lambda-extension-accept-feature"))) reply["accountId"] = "123456789012";
  return {
      200, json::serialize(reply), {{"Lambda-Extension-Identifier", identifier}, {"Content-Type", "application/json"}}};
}

std::optional<HttpAnswer> ExtensionsApi::refusal(const HttpRequest& request) const {
  const std::string_view identifier = request.header("lambda-extension-identifier");
  if (identifier.empty()) return refused("Extension.MissingExtensionIdentifier", "the identifier is missing");
  if (!looks_like_uuid(identifier)) return refused("Extension.InvalidExtensionIdentifier", "the identifier is no UUID");
  if (!by_identifier(identifier)) return refused("Extension.UnknownExtensionIdentifier", "the identifier is unknown");
  return std::nullopt;
}

HttpAnswer ExtensionsApi::next(const HttpRequest& request, const HttpServer::Gone& gone) {
  Lock lock(monitor_.mutex);
  if (auto refusal_answer = refusal(request)) return *refusal_answer;
  const auto found = extensions_.find(request.header("lambda-extension-identifier"));
  const std::string identifier = found->first;
  Extension& extension = found->second;
  if (extension.waiting || extension.shutting_down)
    return refused("Extension.InvalidExtensionState", "another /next is open, or SHUTDOWN was handed out");
  if (extension.nexts++ == 0) extension.first_next = request.arrived;
  extension.waiting = true;
  monitor_.moved.notify_all();
  for (;;) {
    const bool woken = monitor_.wait(lock, Clock::now() + kLookForHangUp, [&] {
      const auto it = extensions_.find(identifier);
      return it == extensions_.end() || !it->second.queue.empty();
    });
    const auto it = extensions_.find(identifier);
    if (it == extensions_.end() || monitor_.stopping) return {.manner = Manner::kCut};
    if (woken) {
      Extension& mine = it->second;
      HttpAnswer answer = std::move(mine.queue.front());
      mine.queue.pop_front();
      mine.waiting = false;
      ++mine.served;
      mine.shutting_down = mine.shutting_down || answer.body.find("\"SHUTDOWN\"") != std::string::npos;
      monitor_.moved.notify_all();
      return answer;
    }
    if (gone()) {
      it->second.waiting = false;
      return {.manner = Manner::kCut};
    }
  }
}

HttpAnswer ExtensionsApi::failed(const HttpRequest& request) {
  const Lock lock(monitor_.mutex);
  if (auto refusal_answer = refusal(request)) return *refusal_answer;
  const std::string type(request.header("lambda-extension-function-error-type"));
  if (type.empty()) return refused("Extension.MissingHeader", "Lambda-Extension-Function-Error-Type is missing");
  extensions_.find(request.header("lambda-extension-identifier"))->second.error = request.path + ": " + type;
  monitor_.moved.notify_all();
  return {202, R"({"status":"OK"})", {{"Content-Type", "application/json"}}};
}

void ExtensionsApi::push(const std::string& kind, const json::object& event) {
  const Lock lock(monitor_.mutex);
  for (auto& [identifier, extension] : extensions_)
    if (has(extension.events, kind))
      extension.queue.push_back(
          {200,
           json::serialize(event),
           {{"Content-Type", "application/json"}, {"Lambda-Extension-Event-Identifier", fresh_uuid()}}});
  monitor_.moved.notify_all();
}

void ExtensionsApi::push_raw(const HttpAnswer& answer) {
  const Lock lock(monitor_.mutex);
  for (auto& [identifier, extension] : extensions_) extension.queue.push_back(answer);
  monitor_.moved.notify_all();
}

bool ExtensionsApi::idle() const {
  if (extensions_.empty()) return false;
  for (const auto& [identifier, extension] : extensions_)
    if (!extension.waiting || !extension.queue.empty()) return false;
  return true;
}

bool ExtensionsApi::all_in_next(unsigned nexts) const {
  if (extensions_.empty()) return false;
  for (const auto& [identifier, extension] : extensions_)
    if (extension.nexts < nexts) return false;
  return true;
}

const ExtensionsApi::Extension* ExtensionsApi::external() const {
  for (const auto& [identifier, extension] : extensions_)
    if (extension.external) return &extension;
  return nullptr;
}

const ExtensionsApi::Extension* ExtensionsApi::by_identifier(std::string_view identifier) const {
  const auto it = extensions_.find(identifier);
  return it == extensions_.end() ? nullptr : &it->second;
}

}  // namespace lab
