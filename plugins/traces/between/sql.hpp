// SQL without its literals: the face of the tokenisers, and what they are told.
//
// Two engines: the agent's own (legacy, the default) and the one behind `sql_obfuscation_mode`. A text that cannot be
// understood gives nothing, and nothing of it may be sent. More than kSqlOutputBytesMax is never written; what is read
// beyond is left out, so that one statement cannot take the memory of a payload.
// Called by obfuscate and json_obfuscation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace traces {

inline constexpr std::string_view kNonParsable = "Non-parsable SQL query";  // stands for a text that gave nothing
inline constexpr std::size_t kSqlOutputBytesMax = 64 << 10;

enum class Dbms : std::uint8_t { kOther, kMssql, kMysql, kPostgresql, kOracle, kSnowflake };
// By the name that a tracer gives, regardless of case.
Dbms dbms_of(std::string_view name);

enum class SqlMode : std::uint8_t { kLegacy, kObfuscateOnly, kNormalizeOnly, kObfuscateAndNormalize };

struct SqlRules {
  SqlMode mode = SqlMode::kLegacy;
  bool table_names = false, replace_digits = false, keep_alias = false, dollar_quoted_func = false;
  // Of the modes that are not legacy:
  bool keep_null = false, keep_boolean = false, keep_positional_parameter = false, replace_bind_parameter = false;
  bool keep_trailing_semicolon = false, keep_identifier_quotation = false;
  bool remove_space_between_parentheses = false, keep_json_path = false;
};

// Text that is written piece by piece up to a limit; what is beyond is cut off between two characters.
class SqlOutput {
 public:
  void clear() { bytes_.clear(), full_ = false; }
  void append(std::string_view piece) {
    if (piece.size() <= kSqlOutputBytesMax - bytes_.size())
      bytes_.append(piece);
    else
      append_cut(piece);
  }
  void append(char c) {
    if (bytes_.size() < kSqlOutputBytesMax)
      bytes_.push_back(c);
    else
      full_ = true;
  }
  bool empty() const { return bytes_.empty(); }
  bool full() const { return full_; }
  std::string& bytes() { return bytes_; }
  std::string_view view() const { return bytes_; }

 private:
  void append_cut(std::string_view piece);

  std::string bytes_;
  bool full_ = false;
};

class SqlObfuscator {
 public:
  explicit SqlObfuscator(const SqlRules& rules) : rules_(rules) {}

  // A view until the next call; none: the text cannot be understood.
  std::optional<std::string_view> obfuscate(std::string_view text, Dbms dbms);
  // Of the last text, with commas between them; where rules ask for them.
  std::string_view tables() const { return tables_; }

 private:
  bool obfuscate_legacy(std::string_view text, Dbms dbms);
  std::string_view obfuscate_by_mode(std::string_view text, Dbms dbms);

  SqlRules rules_;
  SqlOutput out_;
  std::string tables_;
  // Whether a backslash is a character as any other. Learnt: the reading with which the last doubtful text made sense.
  bool literal_escapes_ = false;
};

}  // namespace traces
