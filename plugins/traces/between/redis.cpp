#include "redis.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "runes.hpp"

namespace traces {
namespace {

constexpr std::size_t kCommandsMax = 3;  // of a resource
constexpr std::string_view kTruncated = "...";
constexpr std::size_t kNameBytesMax = 17;  // GEORADIUSBYMEMBER

// A command's name in upper case, to be compared; empty: too long for any that is known.
class Name {
 public:
  explicit Name(std::string_view text) {
    if (text.size() > kNameBytesMax) return;
    for (char c : text) upper_[size_++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
  }
  operator std::string_view() const { return {upper_.data(), size_}; }

 private:
  std::array<char, kNameBytesMax> upper_;
  std::size_t size_ = 0;
};

template <std::size_t n>
bool one_of(std::string_view name, const char (&names)[n]) {  // names between blanks
  const std::string_view all(names, n - 1);
  if (name.empty() || name.find(' ') != name.npos) return false;
  for (std::size_t at = all.find(name); at != all.npos; at = all.find(name, at + 1))
    if (all[at - 1] == ' ' && all[at + name.size()] == ' ') return true;
  return false;
}

// Which of a command's arguments are values. Arguments are asked for in their order.
class Values {
 public:
  enum class Verdict : std::uint8_t { kKept, kReplaced, kReplacedWithTheRest };

  explicit Values(std::string_view command) {
    const Name name(command);
    if (one_of(name, " AUTH MIGRATE HELLO "))
      rule_ = Rule::kAllFrom, from_ = 0;
    else if (one_of(name, " ACL GEOHASH GEOPOS GEODIST LPUSH RPUSH SREM ZREM SADD "))
      rule_ = Rule::kAllFrom, from_ = 1;
    else if (one_of(name, " APPEND GETSET LPUSHX GEORADIUSBYMEMBER RPUSHX SET SETNX SISMEMBER ZRANK ZREVRANK ZSCORE "))
      rule_ = Rule::kOne, from_ = 1;
    else if (one_of(name, " HSETNX LREM LSET SETBIT SETEX PSETEX SETRANGE ZINCRBY SMOVE RESTORE "))
      rule_ = Rule::kOne, from_ = 2;
    else if (one_of(name, " LINSERT "))
      rule_ = Rule::kOne, from_ = 3;
    else if (one_of(name, " GEOADD "))
      rule_ = Rule::kEvery, from_ = 3, step_ = 3;
    else if (one_of(name, " HSET HMSET "))
      rule_ = Rule::kEvery, from_ = 2, step_ = 2;
    else if (one_of(name, " MSET MSETNX "))
      rule_ = Rule::kEvery, from_ = 1, step_ = 2;
    else if (one_of(name, " CONFIG "))
      rule_ = Rule::kConfig;
    else if (one_of(name, " BITFIELD "))
      rule_ = Rule::kBitfield;
    else if (one_of(name, " ZADD "))
      rule_ = Rule::kScores;
  }

  Verdict judge(std::string_view argument) {
    const std::size_t n = n_++;
    switch (rule_) {
      case Rule::kNone: break;
      case Rule::kAllFrom: return n == from_ ? Verdict::kReplacedWithTheRest : Verdict::kKept;
      case Rule::kOne: return n == from_ ? Verdict::kReplaced : Verdict::kKept;
      case Rule::kEvery: return n >= from_ && (n - from_) % step_ == 0 ? Verdict::kReplaced : Verdict::kKept;
      case Rule::kConfig:  // CONFIG SET parameter value
        if (n == 0 && std::string_view(Name(argument)) == "SET") rule_ = Rule::kOne, from_ = 2;
        break;
      case Rule::kBitfield:  // BITFIELD key … SET type offset value
        if (std::string_view(Name(argument)) == "SET") from_ = n;
        if (from_ == 0 || n - from_ != 3) break;
        rule_ = Rule::kNone;
        return Verdict::kReplaced;
      case Rule::kScores:  // ZADD key [NX|XX] [CH] [INCR] score member …: the members
        if (n == 0 || one_of(argument, " NX XX CH INCR ")) break;
        rule_ = Rule::kEvery, from_ = n + 1, step_ = 2;
        break;
    }
    return Verdict::kKept;
  }

 private:
  enum class Rule : std::uint8_t { kNone, kAllFrom, kOne, kEvery, kConfig, kBitfield, kScores };
  Rule rule_ = Rule::kNone;
  std::size_t from_ = 0, step_ = 1, n_ = 0;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Walks over commands and their arguments; quotes are kept.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(runes::trimmed(text)) {}

  // False: there is none left.
  bool next_command(std::string_view& command) {
    while (!rest_.empty() && (is_blank(rest_[0]) || rest_[0] == '\n')) rest_.remove_prefix(1);
    if (rest_.empty()) return false;
    command = cut(std::min(rest_.find_first_of(" \n"), rest_.size()));
    skip_blanks();
    return true;
  }
  // False: the command has no more.
  bool next_argument(std::string_view& argument) {
    if (rest_.empty() || rest_[0] == '\n') return false;
    bool quoted = false;
    std::size_t n = 0;
    for (; n < rest_.size(); ++n) {
      if (rest_[n] == '"')
        quoted = !quoted;
      else if (rest_[n] == '\\')
        n += n + 1 < rest_.size() && (rest_[n + 1] == '"' || rest_[n + 1] == '\\') ? 1 : 0;
      else if (!quoted && (rest_[n] == ' ' || rest_[n] == '\n'))
        break;
    }
    argument = cut(n);
    skip_blanks();
    return true;
  }

 private:
  std::string_view cut(std::size_t n) {
    const std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }
  void skip_blanks() {
    if (rest_.empty() || rest_[0] != ' ') return;
    while (!rest_.empty() && is_blank(rest_[0])) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

std::string_view without_spaces_around(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// The first word of `text`, which is cut off with the spaces behind it.
std::string_view cut_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return word;
}

}  // namespace

void quantise_redis(std::string_view text, std::string& out) {
  const std::size_t begin = out.size();
  std::size_t commands = 0;
  bool truncated = false;
  while (!text.empty() && commands < kCommandsMax) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = without_spaces_around(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const std::string_view first = cut_word(line);
    const bool compound = one_of(Name(first), " CLIENT CLUSTER COMMAND CONFIG DEBUG SCRIPT ");
    const std::string_view second = compound ? cut_word(line) : std::string_view();
    truncated = first.ends_with(kTruncated) || second.ends_with(kTruncated);
    if (truncated) continue;
    if (out.size() != begin) out.push_back(' ');
    runes::append_upper(first, out);
    if (!second.empty()) runes::append_upper(second, out.append(" "));
    ++commands;
  }
  if (commands == kCommandsMax || truncated) out.append(out.size() != begin ? " " : "").append(kTruncated);
}

void obfuscate_redis(std::string_view text, std::string& out) {
  const std::size_t begin = out.size();
  Reader reader(text);
  std::string_view command, argument;
  while (reader.next_command(command)) {
    if (out.size() != begin) out.push_back('\n');
    out.append(command);
    Values values(command);
    auto verdict = Values::Verdict::kKept;
    while (reader.next_argument(argument)) {
      if (verdict == Values::Verdict::kReplacedWithTheRest) continue;
      verdict = values.judge(argument);
      out.append(" ").append(verdict == Values::Verdict::kKept ? argument : "?");
    }
  }
}

void remove_redis_arguments(std::string_view text, std::string& out) {
  const auto next_field = [&text] {
    text = runes::trimmed(text);
    std::size_t n = 0;
    while (n < text.size()) {
      const runes::Rune rune = runes::next(text.substr(n));
      if (rune.code != runes::kBad && runes::is_space(rune.code)) break;
      n += rune.bytes;
    }
    const std::string_view field = text.substr(0, n);
    text.remove_prefix(n);
    return field;
  };
  const std::string_view command = next_field();
  out.append(command);
  std::string_view argument = next_field();
  if (argument.empty()) return;
  const Name name(command);
  if (one_of(name, " CONFIG ") && one_of(Name(argument), " GET SET RESETSTAT REWRITE "))
    out.append(" ").append(argument);
  out.append(" ?");
  if (!one_of(name, " BITFIELD ")) return;
  for (; !argument.empty(); argument = next_field())
    if (one_of(Name(argument), " SET GET INCRBY ")) out.append(" ").append(argument).append(" ?");
}

}  // namespace traces
