// The scrubber: takes credentials out of what the agent itself shows (its log, its status, a settings file that a
// person is about to pass on). It is not for customers' logs: those have rules of their own.
//
// The patterns are those that operators of the ordinary agent know (keys of Datadog, Bearer tokens, passwords in
// addresses, values of names such as `password:` and `auth_token:`, PEM blocks), mended where the original lets a
// secret through; the table is in scrub_table.hpp. A look that needs no regex comes first: the engine (lib/regex.so)
// is opened with the first text in which one of the patterns may match. Where it cannot be opened, such a text is
// withheld whole, and problem() says why.
//
// For one thread. Called by the host, and by whoever shows something of which it does not know what it holds.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sls/codec/regex.hpp"
#include "sls/codec/regex_replacement.hpp"

namespace sls {

class Scrubber {
 public:
  // What stands for a value of any type whose key says that it is secret, and for what could not be looked through.
  static constexpr std::string_view kHidden = "********";
  static constexpr std::string_view kWithheld = "[withheld: the scrubber has no regex engine]";

  // What is to be done with the value under a key of parsed data.
  enum class Key : std::uint8_t {
    kPlain,     // texts through value(), lists and maps one by one
    kHidden,    // the whole value, of whatever type, becomes kHidden
    kKeepLast,  // a text becomes keep_last() of it and then value(), anything else kHidden
    kLeaves,    // of a map each leaf becomes kHidden (but for nulls and handles); a list as kPlain
  };

  // Called at most once, when the engine is needed. The second form takes lib/regex.so from where a plugin finds it.
  using Open = const RegexEngine* (*)(std::string& error);
  explicit Scrubber(Open open) : open_(open) {}
  Scrubber();

  // One line: the patterns for single lines, nothing else. `keep_handles`: a match that holds ENC[…] is left alone.
  std::string line(std::string_view line, bool keep_handles = false);
  // A whole text, such as a file: lines that are comments go, the others as line(), then the patterns that span lines.
  // A line feed at the very end is lost.
  std::string text(std::string_view text, bool keep_handles = false);
  // A text out of parsed data, or a message: no comments are looked for, line feeds stay.
  std::string value(std::string_view text);

  Key judge_key(std::string_view key);  // compared without regard to the case of ASCII letters
  // A key of which so many last characters stay readable that its owner knows which one it is: at most four.
  static std::string keep_last(std::string_view text);
  // `ENC[…]`: the name of a secret, not the secret.
  static bool is_handle(std::string_view text);

  // Empty: nothing was withheld so far.
  const std::string& problem() const { return problem_; }

 private:
  static constexpr std::size_t kRowsMax = 40;
  struct Compiled {
    Regex text, key;
    Replacement replacement;
  };

  bool ready();
  const Compiled& compiled(std::size_t row);
  bool run(std::size_t row, std::string& text, bool keep_handles);
  bool run_all(bool multi_line, std::string& text, bool keep_handles);

  Open open_;
  const RegexEngine* engine_ = nullptr;
  bool asked_ = false;
  std::string problem_;
  std::string spare_;
  std::array<Compiled, kRowsMax> compiled_;
};

}  // namespace sls
