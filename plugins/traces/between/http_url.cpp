#include "http_url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace traces {
namespace {

// Which characters stand for themselves, where.
enum Place : std::uint8_t { kInPath = 1, kInHost = 2, kInFragment = 4, kInUser = 8, kInPlainHost = 16 };

constexpr std::array<std::uint8_t, 256> kPlaces = [] {
  std::array<std::uint8_t, 256> out{};
  const auto add = [&out](std::string_view characters, int places) {
    for (char c : characters) out[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(places);
  };
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  add(kUnreserved, kInPath | kInHost | kInFragment | kInUser);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.", kInPlainHost);
  add("$&+,/:;=@", kInPath);
  add("!$&'()*+,;=:[]<>\"", kInHost);
  add("!$&()*+,/:;=?@", kInFragment);
  add("!$&'()*+,;=:%@", kInUser);
  return out;
}();

bool stands(char c, Place place) { return (kPlaces[static_cast<unsigned char>(c)] & place) != 0; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
// The byte that the escape at `i` stands for, or -1.
int escaped_byte(std::string_view text, std::size_t i) {
  if (i + 2 >= text.size()) return -1;
  const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

// False: a bad escape, or what may not stand in a host.
bool unescape(std::string_view text, Place place, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int byte = escaped_byte(text, i);
      if (byte < 0 || (place == kInHost && byte < 0x80 && byte != '%')) return false;
      out.push_back(static_cast<char>(byte));
      i += 2;
    } else {
      if (place == kInHost && static_cast<unsigned char>(text[i]) < 0x80 && !stands(text[i], kInHost)) return false;
      out.push_back(text[i]);
    }
  }
  return true;
}

void escape(std::string_view text, Place place, std::string& out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (char c : text) {
    if (stands(c, place)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
}

// Whether a text may stay as it was spelt.
bool spelt_well(std::string_view text, Place place) {
  return std::all_of(text.begin(), text.end(), [place](char c) {
    return stands(c, place) || std::string_view("!$&'()*+,;=:@[]%").find(c) != std::string_view::npos;
  });
}
// A path or a fragment, in its own spelling where that is a good one. `meant` is what it means.
void write(std::string_view spelt, std::string_view meant, Place place, std::string& out) {
  if (spelt_well(spelt, place))
    out.append(spelt);
  else
    escape(meant, place, out);
}

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The path with `?` for every segment with a digit. False: it has none.
bool write_without_digits(std::string_view path, std::string& out) {
  if (!has_digit(path)) return false;
  while (true) {
    const std::size_t n = path.find('/');
    const std::string_view segment = path.substr(0, n);
    if (has_digit(segment))
      out.push_back('?');
    else
      escape(segment, kInPath, out);
    if (n == path.npos) return true;
    out.push_back('/');
    path.remove_prefix(n + 1);
  }
}

bool valid_port(std::string_view text) {  // with its colon
  return text.empty()
         || (text[0] == ':' && std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

bool is_web(std::string_view scheme) {
  constexpr std::string_view kHttps = "https";
  if (scheme.size() != 4 && scheme.size() != 5) return false;
  return std::equal(scheme.begin(), scheme.end(), kHttps.begin(), [](char a, char b) { return (a | 0x20) == b; });
}

// A URL's pieces as they were spelt.
struct Pieces {
  std::string_view scheme, opaque, host, path, query, fragment;
  bool has_authority = false, has_query = false, had_user = false;
};

// False: no URL.
bool split_authority(std::string_view authority, Pieces& out) {
  out.has_authority = true;
  const std::size_t at = authority.rfind('@');
  if (at != authority.npos) {
    out.had_user = true;
    const std::string_view user = authority.substr(0, at);
    for (std::size_t i = 0; i < user.size(); ++i)
      if (!stands(user[i], kInUser) || (user[i] == '%' && escaped_byte(user, i) < 0)) return false;
    authority.remove_prefix(at + 1);
  }
  out.host = authority;
  const std::size_t bracket = authority.rfind('[');
  if (bracket == authority.npos) {
    // Lists of hosts have many; those of the web have one.
    const std::size_t colon = is_web(out.scheme) ? authority.find(':') : authority.rfind(':');
    return colon == authority.npos || valid_port(authority.substr(colon));
  }
  const std::size_t end = authority.rfind(']');
  return bracket == 0 && end != authority.npos && valid_port(authority.substr(end + 1));
}

// The scheme is cut off with its colon. False: it is missing before a colon.
bool cut_scheme(std::string_view& text, std::string_view& scheme) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') continue;
    if (c == ':' && i == 0) return false;
    if (c == ':') {
      scheme = text.substr(0, i);
      text.remove_prefix(i + 1);
      return true;
    }
    if (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')) break;
  }
  return true;
}

// False: no URL.
bool split(std::string_view text, Pieces& out) {
  if (const std::size_t n = text.find('#'); n != text.npos) {
    out.fragment = text.substr(n + 1);
    text = text.substr(0, n);
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }))
    return false;
  if (!cut_scheme(text, out.scheme)) return false;
  if (const std::size_t n = text.find('?'); n != text.npos) {
    out.query = text.substr(n + 1);
    out.has_query = true;
    text = text.substr(0, n);
  }
  if (!text.starts_with('/')) {
    if (!out.scheme.empty()) return out.opaque = text, true;
    if (text.substr(0, text.find('/')).find(':') != text.npos) return false;
  }
  if (text.starts_with("//") && (!out.scheme.empty() || !text.starts_with("///"))) {
    text.remove_prefix(2);
    const std::size_t n = std::min(text.find('/'), text.size());
    if (!split_authority(text.substr(0, n), out)) return false;
    text.remove_prefix(n);
  }
  out.path = text;
  return true;
}

// Without a user's name and password, where there could be one.
void write_opaque(std::string_view opaque, std::string& out) {
  const std::size_t at = opaque.substr(0, opaque.find('/')).rfind('@');
  out.append(at == opaque.npos ? opaque : opaque.substr(at + 1));
}

// False: no URL; `out` is as it was, but for what was appended.
bool write_url(const Pieces& url, const UrlRules& rules, std::string& out) {
  const std::size_t begin = out.size();
  std::string meant;
  for (char c : url.scheme) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
  if (!url.scheme.empty()) out.push_back(':');
  write_opaque(url.opaque, out);
  if (url.has_authority) {
    if (!unescape(url.host, kInHost, meant)) return false;
    if ((!url.scheme.empty() || !meant.empty()) && (!meant.empty() || !url.path.empty())) out.append("//");
    escape(meant, kInHost, out);
  }
  if (!unescape(url.path, kInPath, meant)) return false;
  const std::size_t path = out.size();
  if (!rules.without_digits || !write_without_digits(meant, out)) write(url.path, meant, kInPath, out);
  // Its first segment would be taken for a scheme.
  if (path == begin && out.substr(begin, out.find('/', begin) - begin).find(':') != out.npos) out.insert(begin, "./");
  if (url.has_query) out.append("?").append(rules.without_query ? std::string_view() : url.query);
  if (url.fragment.empty()) return true;
  if (!unescape(url.fragment, kInFragment, meant)) return false;
  out.push_back('#');
  write(url.fragment, meant, kInFragment, out);
  return true;
}

}  // namespace

bool is_plain_url(std::string_view text, const UrlRules& rules) {
  if (rules.without_digits || (rules.without_query && text.find('?') != text.npos)) return false;
  const std::size_t host = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  std::size_t at = host;
  const auto is_digit = [&] { return text[at] >= '0' && text[at] <= '9'; };
  while (at < text.size() && stands(text[at], kInPlainHost)) ++at;
  if (host == 0 || at == host) return false;
  if (at < text.size() && text[at] == ':') do
      ++at;
    while (at < text.size() && is_digit());
  if (at < text.size() && text[at] == '/')
    while (at < text.size() && stands(text[at], kInPath)) ++at;
  if (at == text.size()) return true;
  return text[at] == '?' && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), [](char c) {
           return static_cast<unsigned char>(c) >= ' ' && c != 0x7F && c != '#';
         });
}

void obfuscate_url(std::string_view text, const UrlRules& rules, std::string& out) {
  if (is_plain_url(text, rules)) {
    out.append(text);
    return;
  }
  const std::size_t begin = out.size();
  Pieces url;
  if (split(text, url) && write_url(url, rules, out)) return;
  out.resize(begin);
  const bool may_hold_secrets = rules.without_query || rules.without_digits || text.find('@') != text.npos;
  out.append(may_hold_secrets ? std::string_view("?") : text);
}

}  // namespace traces
