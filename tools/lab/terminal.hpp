// Text for a terminal or for a file: colours only where somebody sees them (a TTY, and NO_COLOR is not set).
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace lab {

enum class Style { kPlain, kBold, kDim, kRed, kGreen, kYellow, kCyan, kMasked };

class Terminal {
 public:
  explicit Terminal(std::FILE* out);
  Terminal(std::FILE* out, bool colours, std::size_t width) : out_(out), colours_(colours), width_(width) {}

  std::string styled(Style style, std::string_view text) const;
  void line(std::string_view text) const;  // one whole line, at once
  bool colours() const { return colours_; }
  std::size_t width() const { return width_; }

 private:
  std::FILE* out_;
  bool colours_ = false;
  std::size_t width_ = 120;
};

// Columns that a text takes: code points, not bytes.
std::size_t columns(std::string_view text);
// At most `width` columns, cut with "…", filled up with blanks. Control characters become spaces.
std::string fitted(std::string_view text, std::size_t width, bool fill = true);

}  // namespace lab
