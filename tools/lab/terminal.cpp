#include "lab/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace lab {
namespace {

const char* code_of(Style style) {
  switch (style) {
    case Style::kBold: return "\x1b[1m";
    case Style::kDim: return "\x1b[2m";
    case Style::kRed: return "\x1b[31m";
    case Style::kGreen: return "\x1b[32m";
    case Style::kYellow: return "\x1b[33m";
    case Style::kCyan: return "\x1b[36m";
    case Style::kMasked: return "\x1b[7;33m";
    default: return "";
  }
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

}  // namespace

Terminal::Terminal(std::FILE* out) : out_(out) {
  const char* refusal = std::getenv("NO_COLOR");
  const bool seen = isatty(fileno(out)) != 0;
  colours_ = seen && !(refusal && *refusal);
  winsize size{};
  if (seen && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 60)
    width_ = std::min<std::size_t>(size.ws_col, 200);
}

std::string Terminal::styled(Style style, std::string_view text) const {
  if (!colours_ || style == Style::kPlain || text.empty()) return std::string(text);
  return code_of(style) + std::string(text) + "\x1b[0m";
}

void Terminal::line(std::string_view text) const {
  std::string whole(text);
  whole += '\n';
  std::fwrite(whole.data(), 1, whole.size(), out_);
  std::fflush(out_);
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string fitted(std::string_view text, std::size_t width, bool fill) {
  const bool cut = columns(text) > width;
  const std::size_t room = cut && width != 0 ? width - 1 : width;
  std::string out;
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!continues(text[i]) && used++ == room) break;
    const auto byte = static_cast<unsigned char>(text[i]);
    out += byte < 0x20 || byte == 0x7f ? ' ' : text[i];
  }
  if (cut) out += "…";
  if (fill) out.append(width - std::min(width, columns(out)), ' ');
  return out;
}

}  // namespace lab
