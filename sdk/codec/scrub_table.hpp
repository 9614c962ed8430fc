// The scrubber's patterns, in the order in which they are tried: each sees what those before left.
//
// Facts (names, digits that stay, texts that must be there before a pattern is tried) are those of the ordinary agent's
// scrubber. Rows that say `own` are ours, or differ from it where it is known to let a secret through. Only scrub.cpp
// includes this.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sls/codec/scrub.hpp"

namespace sls::scrub_table {

// What a text must hold before a row's pattern is tried. A condition that the pattern implies, cheap to look for.
enum class Needs : std::uint8_t {
  kHint,     // one of the row's hints
  kHex32,    // a word of 32 hexadecimal digits
  kHex40,    // of 40
  kAddress,  // a colon, and behind it an at sign
  kPass,     // pass, pwd or pswd, in whatever case
};

struct Row {
  bool multi_line;
  Needs needs;
  std::string_view pattern;      // empty: the row is for keys only
  std::string_view key;          // of lower-cased keys; empty: none
  std::string_view hints;        // separated by blanks, compared with case
  std::string_view replacement;  // sls::Replacement's syntax
  Scrubber::Key verdict = Scrubber::Key::kHidden;
};

#define SLS_STARS_8 "********"
#define SLS_STARS_28 "****************************"
#define SLS_STARS_35 "***********************************"
#define SLS_STARS_36 "************************************"
#define SLS_STARS_59 "***********************************************************"

inline constexpr std::string_view kValue = "$1 \"" SLS_STARS_8 "\"";

// A line `name: value` by its name: holding P, being P, ending in P (own: an element of a list, too), beginning in A
// and ending in Z.
#define SLS_PART(P) "(\\s*(\\w|_|-)*" P "(\\w|_|-)*\\s*:).+", P
#define SLS_EXACT(P) "(\\s*" P "\\s*:).+", "^" P "$"
#define SLS_ENDING(P) "(^\\s*(?:-\\s+)*(\\w|_|-)*" P "\\s*:).+", "^.*" P "$"
#define SLS_BETWEEN(A, Z) "(\\s*" A "(\\w|_|-)*" Z "\\s*:).+", "^" A ".*" Z "$"

#define SLS_HEADERS                                                                                                 \
  "auth-tenantid|authority|cainzapp-api-key|cms-svc-api-key|dd-api-key|lodauth|sec-websocket-key|statuskey|cookie|" \
  "private-token|kong-admin-token|accesstoken|session_token"
#define SLS_SNMP \
  "community_string|auth_?[Kk]ey|priv_?[Kk]ey|community|authentication_key|privacy_key|Authorization|authorization"

inline constexpr auto kRows = std::to_array<Row>({
    {false, Needs::kHint, "(api_?key=)\\b[a-zA-Z0-9]+([a-zA-Z0-9]{4})\\b", "", "api_key apikey",
     "$1" SLS_STARS_28 "$2"},
    {false, Needs::kHint, "(ap(?:p|plication)_?key=)\\b[a-zA-Z0-9]+([a-zA-Z0-9]{4})\\b", "",
     "app_key appkey application_key", "$1" SLS_STARS_36 "$2"},
    {false, Needs::kHint, "ddapp_[a-zA-Z0-9_]{30}([a-zA-Z0-9_]{4})", "", "ddapp_", SLS_STARS_36 "$1"},
    {false, Needs::kHint, "\\bBearer [a-fA-F0-9]{59}([a-fA-F0-9]{5})\\b", "", "Bearer", "Bearer " SLS_STARS_59 "$1"},
    {false, Needs::kHint, "\\bBearer\\s+[^*]+\\b", "", "Bearer", "Bearer " SLS_STARS_8},
    {false, Needs::kHint, SLS_BETWEEN("x-", "key"),
     "x-api-key x-dreamfactory-api-key x-functions-key x-lz-api-key x-octopus-apikey x-pm-partner-key x-rapidapi-key "
     "x-sungard-idp-api-key x-vtex-api-appkey x-seel-api-key x-goog-api-key x-sonar-passcode",
     kValue},
    {false, Needs::kHint, SLS_BETWEEN("x-", "token"),
     "x-auth-token x-rundeck-auth-token x-consul-token x-datadog-monitor-token x-vault-token x-vtex-api-apptoken "
     "x-static-token",
     kValue},
    {false, Needs::kHint, SLS_BETWEEN("x-", "auth"), "x-auth x-stratum-auth", kValue},
    {false, Needs::kHint, SLS_BETWEEN("x-", "secret"), "x-api-secret x-ibm-client-secret x-chalk-client-secret",
     kValue},
    {false, Needs::kHint, SLS_EXACT("(" SLS_HEADERS ")"),
     "auth-tenantid authority cainzapp-api-key cms-svc-api-key dd-api-key lodauth sec-websocket-key statuskey cookie "
     "private-token kong-admin-token accesstoken session_token",
     kValue},
    {false, Needs::kHint, SLS_ENDING("private_key"), "private_key", kValue},
    {false, Needs::kHex32, "(\\-|\\:|,|\\[|\\{)(\\s+)?\\b[a-fA-F0-9]{28}([a-fA-F0-9]{4})\\b", "", "",
     "$1$2\"" SLS_STARS_28 "$3\""},
    {false, Needs::kHex32, "\\b[a-fA-F0-9]{28}([a-fA-F0-9]{4})\\b", "", "", SLS_STARS_28 "$1"},
    {false, Needs::kHex40, "(\\-|\\:|,|\\[|\\{)(\\s+)?\\b[a-fA-F0-9]{36}([a-fA-F0-9]{4})\\b", "", "",
     "$1$2\"" SLS_STARS_36 "$3\""},
    {false, Needs::kHex40, "\\b[a-fA-F0-9]{36}([a-fA-F0-9]{4})\\b", "", "", SLS_STARS_36 "$1"},
    {false, Needs::kHint, "\\bDDRCM_[A-Z0-9]+([A-Z0-9]{5})\\b", "", "DDRCM_", SLS_STARS_35 "$1"},
    // own: the name before the password may be empty, else redis://:password@host would lose its slashes
    {false, Needs::kAddress, "(?i)([a-z][a-z0-9+-.]+://|\\b)([^:\\s]*):([^\\s|\"]+)@", "", "", "$1$2:" SLS_STARS_8 "@"},
    // own: in whatever case, else PASSWORD: two words would keep the second
    {false, Needs::kPass, "(?i)(\\s*(\\w|_|-)*(pass(word)?|pwd)(\\w|_|-)*\\s*:).+", "(pass(word)?|pwd)", "", kValue},
    // own: a password of several words in quotes
    {false, Needs::kPass,
     "(?i)([\"']?(?:pass(?:word)?|pswd|pwd)[\"']?(?:=| = |: ))(?:\"[^\"\\s]*\\s[^\"]*\"|'[^'\\s]*\\s[^']*')", "", "",
     "$1\"" SLS_STARS_8 "\""},
    {false, Needs::kPass,
     "(?i)([\\\"\\']?(?:pass(?:word)?|pswd|pwd)[\\\"\\']?)((?:=| = |: )[\\\"\\']?)"
     "([0-9A-Za-z#!$%&()*+,\\-./:<=>?@[\\\\\\]^_{|}~]+)",
     "", "", "$1$2" SLS_STARS_8},
    {false, Needs::kHint, SLS_ENDING("_?(token|jwt)"), "token jwt", kValue},
    {false, Needs::kHint, SLS_EXACT("(consumer_key|token_id)"), "consumer_key token_id", kValue},
    {false, Needs::kHint, SLS_ENDING("_secret(_id)?"), "secret secret_id", kValue},
    {false, Needs::kHint, SLS_ENDING("access_key"), "access_key", kValue},
    {false, Needs::kHint, SLS_EXACT("(" SLS_SNMP ")"),
     "community_string authKey authkey auth_key privKey privkey priv_key community authentication_key privacy_key "
     "Authorization authorization",
     kValue},
    // own: the same names in JSON that stands in a text
    {false, Needs::kHint,
     "(\"(?:[\\w-]*(?:token|jwt|_secret|_secret_id|access_key|private_key)|consumer_key|token_id|" SLS_HEADERS
     "|" SLS_SNMP ")\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*\"",
     "",
     "token jwt secret access_key private_key consumer_key auth lodauth sec-websocket-key statuskey cookie community "
     "authKey priv privacy_key Authorization cainzapp-api-key cms-svc-api-key dd-api-key",
     "$1\"" SLS_STARS_8 "\""},
    {false, Needs::kHint, "", "api[-_]?key", "", "", Scrubber::Key::kKeepLast},
    {false, Needs::kHint, "", "ap(?:p|plication)[-_]?key", "", "", Scrubber::Key::kKeepLast},
    {false, Needs::kHint, "", "^additional_endpoints$", "", "", Scrubber::Key::kLeaves},
    // own: a list that is not indented; the key counts in parsed data, too
    {true, Needs::kHint, "(\\s*(community_strings)\\s*:)\\s*(?:\\n(?:\\s*-\\s+.*)*|\\[(?:\\n?.*?)*?\\])",
     "(community_strings)", "community_strings", kValue},
    {true, Needs::kHint, "-----BEGIN (?:.*)-----[A-Za-z0-9=\\+\\/\\s]*-----END (?:.*)-----", "", "BEGIN", SLS_STARS_8},
});

// Each key pattern demands one of these.
inline constexpr std::array<std::string_view, 11> kKeyParts = {"x-",  "auth", "key",    "cookie",    "token",    "pass",
                                                               "pwd", "jwt",  "secret", "community", "endpoints"};

}  // namespace sls::scrub_table
