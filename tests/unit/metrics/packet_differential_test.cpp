// The packet reader against a second parser that is slow and obvious: it copies, splits and reads by the C library.
#include <gtest/gtest.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <random>
#include <sstream>

#include "in/packet.hpp"

namespace {

using Strings = std::vector<std::string>;

Strings split(const std::string& text, char mark) {
  Strings out(1);
  for (const char c : text)
    if (c == mark)
      out.emplace_back();
    else
      out.back() += c;
  return out;
}

bool slow_number(const std::string& text, double& out) {
  if (text.empty() || std::string(" \t\n\v\f\r").find(text[0]) != std::string::npos) return false;
  if (text.find('(') != std::string::npos) return false;
  const bool hexadecimal = text.find_first_of("xX") != std::string::npos;
  if (hexadecimal && text.find_first_of("pP") == std::string::npos) return false;
  errno = 0;
  char* end = nullptr;
  out = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size()) return false;
  return errno != ERANGE || std::abs(out) < 1;
}

bool slow_integer(const std::string& text, long long& out) {
  const std::size_t sign = text.empty() || (text[0] != '+' && text[0] != '-') ? 0 : 1;
  if (text.size() == sign || text.find_first_not_of("0123456789", sign) != std::string::npos) return false;
  errno = 0;
  out = std::strtoll(text.c_str(), nullptr, 10);
  return errno == 0;
}

std::string shown(double value) {
  std::ostringstream out;
  out.precision(17);
  if (std::isnan(value)) return "nan";
  out << value;
  return out.str();
}

// ASCII only, so that every name is UTF-8.
std::string slow_metric(const std::string& line) {
  const std::size_t bar = line.find('|'), colon = line.find(':');
  if (bar == std::string::npos || colon == std::string::npos || colon >= bar) return "bad";
  const std::string name = line.substr(0, colon), values = line.substr(colon + 1, bar - colon - 1);
  Strings fields = split(line.substr(bar + 1), '|');
  const std::string type = fields[0];
  if (name.empty() || values.empty()) return "bad";
  if (type != "c" && type != "g" && type != "d" && type != "h" && type != "ms" && type != "s") return "bad";
  std::string out = name + " " + type, tags;
  std::size_t count = 0;
  for (const std::string& piece : split(values, ':')) {
    double value = 0;
    if (type == "s" || piece.empty()) continue;
    if (!slow_number(piece, value)) return "bad";
    out += " " + shown(value);
    ++count;
  }
  if (type == "s")
    out += " " + values;
  else if (count == 0)
    return "bad";
  double rate = 1;
  long long time = 0;
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const std::string& field = fields[i];
    if (field.empty()) continue;
    if (field[0] == '@' && !slow_number(field.substr(1), rate)) return "bad";
    if (field[0] == 'T' && (!slow_integer(field.substr(1), time) || time < 1)) return "bad";
    if (field[0] == '#') tags = field.substr(1);
  }
  return out + " @" + shown(rate) + " T" + std::to_string(time) + " #" + tags;
}

std::string told(const metrics::MetricLine& line) {
  static constexpr const char* kTypes[] = {"c", "g", "d", "h", "ms", "s"};
  std::string out = std::string(line.name) + " " + kTypes[static_cast<int>(line.type)];
  for (const double value : line.values) out += " " + shown(value);
  if (line.type == metrics::MetricType::kSet) out += " " + std::string(line.member);
  return out + " @" + shown(line.rate) + " T" + std::to_string(line.time_s) + " #" + std::string(line.tags);
}

Strings slow(const std::string& packet) {
  Strings out;
  for (std::string line : split(packet, '\n')) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) out.push_back(slow_metric(line));
  }
  return out;
}

Strings ours(const std::string& packet) {
  Strings out;
  metrics::PacketReader reader;
  reader.open(packet);
  for (;;) {
    const metrics::LineKind kind = reader.next();
    if (kind == metrics::LineKind::kEnd) return out;
    out.push_back(kind == metrics::LineKind::kMetric ? told(reader.metric()) : "bad");
  }
}

class Source {
 public:
  explicit Source(unsigned seed) : random_(seed) {}

  std::string packet() {
    std::string out;
    for (unsigned lines = 1 + pick(4); lines != 0; --lines) out += line() + (pick(8) == 0 ? "\r\n" : "\n");
    if (pick(2) == 0) out.pop_back();
    // Now and then something is where it should not be.
    for (unsigned changes = pick(3); changes != 0 && !out.empty(); --changes) {
      const std::size_t at = pick(static_cast<unsigned>(out.size()));
      static constexpr std::string_view kOdd = "|:@#T,.-+e0 \r\nxpn\0";
      if (pick(3) == 0)
        out.erase(at, 1);
      else
        out.insert(at, 1, kOdd[pick(static_cast<unsigned>(kOdd.size()))]);
    }
    return out;
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  std::string number() {
    static constexpr const char* kOdd[] = {"nan",    "-inf",     "1e400", "1e-400", "0x1p-2",
                                           "0x10",   "+5",       "--5",   ".5",     "5.",
                                           "1e",     "infinity", "-0",    "1_0",    "123456789012345678901234567890",
                                           "0.1e-7", "",         "."};
    if (pick(4) == 0) return kOdd[pick(std::size(kOdd))];
    std::string out = std::to_string(pick(100'000));
    if (pick(2) == 0) out.insert(pick(static_cast<unsigned>(out.size()) + 1), ".");
    return (pick(5) == 0 ? "-" : "") + out;
  }
  std::string line() {
    static constexpr const char* kTypes[] = {"c", "g", "d", "h", "ms", "s", "m", ""};
    std::string out = "name" + std::to_string(pick(20));
    for (unsigned values = 1 + pick(3); values != 0; --values) out += ":" + number();
    out += std::string("|") + kTypes[pick(pick(5) == 0 ? 8 : 6)];
    if (pick(3) == 0) out += "|@" + number();
    if (pick(2) == 0) out += "|#a:1,b" + std::string(pick(4) == 0 ? ",," : "");
    if (pick(4) == 0) out += "|T" + (pick(3) == 0 ? number() : std::to_string(1'700'000'000u + pick(100)));
    if (pick(5) == 0) out += "|c:in-1|e:x||card:low";
    return out;
  }
  std::mt19937_64 random_;
};

TEST(Packet, IsReadAsASlowAndObviousParserReadsIt) {
  Source source(41);
  std::size_t good = 0, bad = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string packet = source.packet();
    const Strings got = ours(packet);
    ASSERT_EQ(got, slow(packet)) << packet;
    for (const std::string& line : got) ++(line == "bad" ? bad : good);
  }
  EXPECT_GT(good, 15'000u);
  EXPECT_GT(bad, 6'000u);
}

}  // namespace
