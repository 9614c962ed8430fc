// Patterns of the mapper with `*`: each stands for any characters but dots, everything else for itself, from the first
// character of a name to the last.
//
// What the stars took is what the regular expression `([^.]*)` would have taken: the earlier ones as much as they can.
// Because no star crosses a dot, each part between dots is matched by itself, in linear time. Texts in, views out; no
// regex engine. Called by mapper.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace metrics {

class Wildcard {
 public:
  // Letters, digits, '-', '_', '.' and '*', no two stars side by side.
  static bool usable(std::string_view pattern);

  Wildcard() = default;
  explicit Wildcard(std::string_view pattern) : pattern_(pattern) {}

  // `groups`: the name, then what each star took; views into `name`.
  bool matches(std::string_view name, std::vector<std::string_view>& groups) const;

 private:
  std::string pattern_;
};

// A text with $1 and ${1} in it, as Go expands it: a number that no group has, and a name, are empty; $$ is a dollar.
class GroupText {
 public:
  GroupText() = default;
  explicit GroupText(std::string_view text);
  void expand(const std::vector<std::string_view>& groups, std::string& out) const;

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  struct Piece {
    std::string literal;
    std::size_t group = kNone;  // behind the literal
  };
  std::vector<Piece> pieces_;
};

}  // namespace metrics
