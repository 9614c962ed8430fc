#include "base/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>

#include "sls/codec/json_writer.hpp"

namespace agent {
namespace {

constexpr std::size_t kLineBytesMax = 4096;  // PIPE_BUF on Linux
constexpr std::array<std::string_view, 5> kNames = {"OFF", "ERROR", "WARN", "INFO", "DEBUG"};

bool stdout_has_room() {
  pollfd entry{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
}

// Cuts `text` at a character's boundary.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace

void Log::write(Level level, std::string_view given) {
  const std::string clean = scrub_ == nullptr ? std::string() : scrub_(given);
  const std::string_view text = scrub_ == nullptr ? given : clean;
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  std::string line = cat("{\"status\":\"", name, "\",\"message\":\"DD_EXTENSION | ", name, " | ");
  std::string escaped;
  sls::json::append_escaped(escaped, text);
  const std::size_t room = kLineBytesMax - line.size() - 3;
  if (escaped.size() > room) {
    // An escape may take six bytes for one, so the text is cut before it is escaped again.
    std::string_view shorter = cut(text, room);
    do {
      escaped.clear();
      sls::json::append_escaped(escaped, shorter);
      shorter = cut(shorter, shorter.size() * 3 / 4);
    } while (escaped.size() > room);
  }
  line += escaped;
  line += "\"}\n";
  if (!stdout_has_room() || ::write(STDOUT_FILENO, line.data(), line.size()) < 0) ++lines_dropped_;
}

bool Log::set_level(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Level>, 8> kLevels = {{{"off", Level::kOff},
                                                                          {"critical", Level::kError},
                                                                          {"error", Level::kError},
                                                                          {"warn", Level::kWarn},
                                                                          {"warning", Level::kWarn},
                                                                          {"info", Level::kInfo},
                                                                          {"debug", Level::kDebug},
                                                                          {"trace", Level::kDebug}}};
  for (const auto& [known, level] : kLevels)
    if (iequals(name, known)) return set_level(level), true;
  return false;
}

}  // namespace agent
