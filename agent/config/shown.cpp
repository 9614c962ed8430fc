#include "config/shown.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/library_places.hpp"
#include "base/text.hpp"
#include "sls/codec/scrub.hpp"

namespace agent {
namespace {

constexpr std::size_t kShownBytesMax = 100;
constexpr std::size_t kScrubbedBytesMax = 4096;  // more is never looked at: it would be cut anyway
constexpr std::size_t kMessageBytesMax = 16 << 10;
constexpr std::size_t kTokenLengthMin = 20;  // an AWS access key id has 20, a Datadog key 32
constexpr std::size_t kTokenDigitsMin = 2;

std::string chosen_library;

// Of the loop's thread, like the log.
sls::Scrubber& scrubber() {
  static auto& one = *new sls::Scrubber(open_own_regex_engine);  // never destroyed: the log's last line may want it
  return one;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool in_token(char c) { return is_digit(c) || is_letter(c) || c == '_' || c == '-' || c == '+' || c == '='; }
bool ends_word(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'' || c == ',' || c == '&'; }

std::size_t word_end(std::string_view text, std::size_t from) {
  while (from < text.size() && !ends_word(text[from])) ++from;
  return from;
}

// user:password@ of an address, with or without a scheme.
std::string without_user_part(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(text, at);
    const std::string_view word = text.substr(at, end - at);
    const std::size_t scheme = word.find("://");
    const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t sign = word.rfind('@');
    const bool hides =
        sign != std::string_view::npos && sign > begin
        && (scheme != std::string_view::npos || word.substr(0, sign).find(':') != std::string_view::npos);
    if (hides)
      out += cat(word.substr(0, begin), kHidden, word.substr(sign));
    else
      out += word;
    for (at = end; at < text.size() && ends_word(text[at]); ++at) out += text[at];
  }
  return out;
}

// What follows `password=`, `"token": "`, `api_key:` and the like.
std::string without_named_secrets(std::string_view text) {
  constexpr std::array<std::string_view, 6> kNames = {"password", "passwd", "token", "secret", "apikey", "api_key"};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto name = std::find_if(kNames.begin(), kNames.end(), [&](std::string_view candidate) {
      return iequals(text.substr(at, candidate.size()), candidate);
    });
    if (name == kNames.end()) {
      out += text[at++];
      continue;
    }
    std::size_t value = at + name->size();
    while (value < text.size() && (text[value] == '"' || text[value] == '\'')) ++value;
    const bool assigned = value < text.size() && (text[value] == '=' || text[value] == ':');
    while (assigned && value < text.size() && (ends_word(text[value]) || text[value] == '=' || text[value] == ':'))
      ++value;
    out += text.substr(at, value - at);
    at = value;
    if (!assigned || value == text.size()) continue;
    out += kHidden;
    at = word_end(text, value);
  }
  return out;
}

// Long runs of letters and digits.
std::string without_tokens(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    std::size_t digits = 0;
    std::size_t letters = 0;
    for (; end < text.size() && in_token(text[end]); ++end)
      digits += is_digit(text[end]), letters += is_letter(text[end]);
    const bool token = end - at >= kTokenLengthMin && digits >= kTokenDigitsMin && letters > 0;
    out += token ? kHidden : text.substr(at, end - at);
    if (end < text.size()) out += text[end++];
    at = end;
  }
  return out;
}

}  // namespace

std::string shown_text(std::string_view text) {
  std::string clean = without_tokens(without_named_secrets(without_user_part(text.substr(0, kScrubbedBytesMax))));
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  if (clean.size() <= kShownBytesMax) return clean;
  std::size_t length = kShownBytesMax;
  while (length > 0 && (static_cast<unsigned char>(clean[length]) & 0xC0) == 0x80) --length;
  return clean.substr(0, length) + "…";
}

std::string scrubbed(std::string_view text) { return scrubber().value(text.substr(0, kMessageBytesMax)); }

std::string shown(const Value& value) {
  if (!value.present) return {};
  const std::string_view text = std::string_view(value.text).substr(0, kScrubbedBytesMax);
  if (value.row == nullptr) return shown_text(scrubbed(text));
  const bool secret = (value.row->flags & SLS_OPTION_SECRET) != 0;
  const auto key = std::string_view(value.row->key.data, value.row->key.len);
  using Key = sls::Scrubber::Key;
  if (secret || scrubber().judge_key(key) == Key::kHidden || scrubber().judge_key(key) == Key::kKeepLast)
    return std::string(kHidden);
  return shown_text(scrubbed(text));
}

const sls::RegexEngine* open_own_regex_engine(std::string& error) {
  if (!chosen_library.empty()) return sls::open_regex_engine(error, chosen_library);
  const auto places = library_places("regex.so");
  const auto found = std::find_if(places.begin(), places.end(),
                                  [](const std::string& file) { return ::access(file.c_str(), F_OK) == 0; });
  return sls::open_regex_engine(error, found == places.end() ? places.front() : *found);
}

void set_regex_library(std::string path) { chosen_library = std::move(path); }

}  // namespace agent
