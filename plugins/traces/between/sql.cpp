#include "sql.hpp"

#include <array>

#include "runes.hpp"
#include "sls/codec/json.hpp"
#include "sql_legacy.hpp"
#include "sql_modes.hpp"

namespace traces {

Dbms dbms_of(std::string_view name) {
  std::array<char, 10> lower{};
  if (name.size() > lower.size()) return Dbms::kOther;
  for (std::size_t i = 0; i < name.size(); ++i) lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i];
  const std::string_view known(lower.data(), name.size());
  if (known == "postgresql" || known == "postgres") return Dbms::kPostgresql;
  if (known == "mysql") return Dbms::kMysql;
  if (known == "mssql" || known == "sql-server" || known == "sqlserver") return Dbms::kMssql;
  if (known == "oracle") return Dbms::kOracle;
  return known == "snowflake" ? Dbms::kSnowflake : Dbms::kOther;
}

void SqlOutput::append_cut(std::string_view piece) {
  full_ = true;
  std::size_t n = kSqlOutputBytesMax - bytes_.size();
  while (n > 0 && (static_cast<unsigned char>(piece[n]) & 0xC0) == 0x80) --n;
  bytes_.append(piece.substr(0, n));
}

std::optional<std::string_view> SqlObfuscator::obfuscate(std::string_view text, Dbms dbms) {
  tables_.clear();
  if (!sls::json::valid_utf8(text)) return std::nullopt;
  if (rules_.mode != SqlMode::kLegacy) return obfuscate_by_mode(text, dbms);
  if (!obfuscate_legacy(text, dbms)) return std::nullopt;
  return out_.view();
}

std::string_view SqlObfuscator::obfuscate_by_mode(std::string_view text, Dbms dbms) {
  const SqlModes modes(rules_);
  out_.clear();
  if (rules_.mode == SqlMode::kObfuscateOnly) {
    modes.obfuscate(text, dbms, out_);
    return runes::trimmed(out_.view());
  }
  modes.normalise(text, dbms, rules_.mode == SqlMode::kObfuscateAndNormalize, out_, tables_);
  std::string_view out = out_.view();
  if (!rules_.keep_trailing_semicolon && out.ends_with(';')) out.remove_suffix(1);
  return runes::trimmed(out);
}

bool SqlObfuscator::obfuscate_legacy(std::string_view text, Dbms dbms) {
  const LegacySql legacy(rules_, dbms);
  const LegacySql::Outcome first = legacy.obfuscate(text, literal_escapes_, out_, tables_);
  if (first.understood || !first.seen_backslash) return first.understood;
  if (!legacy.obfuscate(text, !literal_escapes_, out_, tables_).understood) return false;
  literal_escapes_ = !literal_escapes_;
  return true;
}

}  // namespace traces
