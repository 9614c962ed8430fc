// Random patterns of all kinds of syntax, each with a text that it matches: what the prefilter is compared on.
#pragma once

#include <array>
#include <random>
#include <string>
#include <string_view>

namespace logs {

class RandomPattern {
 public:
  explicit RandomPattern(std::mt19937& random) : random_(random) {}

  std::string pattern, sample;  // the sample matches but for anchors and flags, mostly

  void make(int depth = 3) {
    pattern.clear();
    sample.clear();
    static constexpr std::array<std::string_view, 8> kFlags = {"", "", "", "", "", "(?i)", "(?s)", "(?m)"};
    pattern += pick(kFlags);
    alternatives(depth);
  }

  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  template <std::size_t N>
  std::string_view pick(const std::array<std::string_view, N>& from) {
    return from[below(N)];
  }
  // A few bytes of the kind that patterns are made of.
  std::string noise(unsigned length_max) {
    static constexpr std::array<std::string_view, 22> kNoise = {"a",        "b",
                                                                "k",        "s",
                                                                "K",        "S",
                                                                "Z",        "0",
                                                                "7",        "42",
                                                                " ",        "-",
                                                                ".",        "_",
                                                                "\n",       "\t",
                                                                "\xC5\xBF", "\xE2\x84\xAA",
                                                                "\xC3\xA9", "\xF0\x9F\x98\x80",
                                                                "error",    "token="};
    std::string out;
    for (unsigned n = below(length_max + 1); n > 0; --n) out += pick(kNoise);
    return out;
  }

 private:
  void alternatives(int depth) {
    const unsigned branches = below(4) == 0 ? 2 + below(3) : 1;
    const std::string before = sample;
    const unsigned chosen = below(branches);
    std::string kept;
    for (unsigned i = 0; i < branches; ++i) {
      if (i > 0) pattern += '|';
      sample = before;
      sequence(depth);
      if (i == chosen) kept = sample;
    }
    sample = kept;
  }

  void sequence(int depth) {
    for (unsigned n = below(4) + (depth == 3 ? 1 : 0); n > 0; --n) piece(depth);
  }

  void piece(int depth) {
    const std::size_t begin = sample.size();
    bool repeatable = true;
    if (depth > 0 && below(4) == 0) {
      static constexpr std::array<std::string_view, 6> kOpen = {"(", "(?:", "(?:", "(?i:", "(?s:", "(?-i:"};
      pattern += pick(kOpen);
      alternatives(depth - 1);
      pattern += ')';
    } else {
      repeatable = atom();
    }
    if (!repeatable || below(3) != 0) return;
    repeat(sample.substr(begin), begin);
  }

  void repeat(const std::string& once, std::size_t begin) {
    const unsigned low = below(3), high = low + below(3);
    unsigned times = 0;
    switch (below(6)) {
      case 0: pattern += '*', times = below(4); break;
      case 1: pattern += '+', times = 1 + below(3); break;
      case 2: pattern += '?', times = below(2); break;
      case 3: pattern += "{" + std::to_string(low) + "}", times = low; break;
      case 4: pattern += "{" + std::to_string(low) + ",}", times = low + below(2); break;
      default:
        pattern += "{" + std::to_string(low) + "," + std::to_string(high) + "}";
        times = low + below(high - low + 1);
    }
    if (below(4) == 0) pattern += '?';
    sample.resize(begin);
    for (; times > 0; --times) sample += once;
  }

  struct Atom {
    std::string_view pattern, samples;  // each character of the samples matches; empty: none is needed
  };

  bool atom() {
    static constexpr std::array kAtoms = {
        Atom{"a", "a"},
        Atom{"k", "k"},
        Atom{"s", "s"},
        Atom{"S", "S"},
        Atom{"0", "0"},
        Atom{"-", "-"},
        Atom{"=", "="},
        Atom{"@", "@"},
        Atom{"\\d", "07"},
        Atom{"\\w", "aZ_4"},
        Atom{"\\s", " \t\n"},
        Atom{"\\D", "a-"},
        Atom{"\\W", " -"},
        Atom{"\\S", "a-"},
        Atom{".", "a7 "},
        Atom{"[abk]", "abk"},
        Atom{"[^a]", "b7 "},
        Atom{"[^\\d\\s]", "a-"},
        Atom{"[a-f0-9]", "f7"},
        Atom{"[A-Z]", "ZK"},
        Atom{"[\\w.-]", "a.-"},
        Atom{"[[:alpha:]]", "aZ"},
        Atom{"[^[:space:]]", "a"},
        Atom{"[]x]", "]x"},
        Atom{"\\.", "."},
        Atom{"\\x41", "A"},
        Atom{"\\x{6b}", "k"},
        Atom{"\\t", "\t"},
        Atom{"[[:^digit:]]", "a"},
        Atom{"[^\\W]", "ak"},
        Atom{"[^k-s]", "az"},
        Atom{"\\pL", "a"},
        Atom{"[^\\D]", "7"},
        Atom{"\\/", "/"},
        Atom{"{", "{"},
        Atom{"[+--]", "+,-"},
    };
    struct Text {
      std::string_view pattern, sample;
    };
    static constexpr std::array kTexts = {Text{"error", "error"},
                                          Text{"Task", "Task"},
                                          Text{"token=", "token="},
                                          Text{"\\Qa.b\\E", "a.b"},
                                          Text{"\xC3\xA9", "\xC3\xA9"},
                                          Text{"\xC5\xBF", "\xC5\xBF"},
                                          Text{"[\xC3\xA0-\xC3\xBC]", "\xC3\xA9"},
                                          Text{"\\x{1F600}", "\xF0\x9F\x98\x80"},
                                          Text{"[^a-z]", "\xE2\x84\xAA"},
                                          Text{"\xE2\x84\xAA", "k"}};
    static constexpr std::array<std::string_view, 6> kPlaces = {"^", "$", "\\b", "\\B", "\\A", "\\z"};
    switch (below(8)) {
      case 0: pattern += pick(kPlaces); return false;
      case 1: {
        const Text& text = kTexts[below(kTexts.size())];
        pattern += text.pattern;
        sample += text.sample;
        return text.pattern.size() < 3;
      }
      default: {
        const Atom& each = kAtoms[below(kAtoms.size())];
        pattern += each.pattern;
        sample += each.samples[below(static_cast<unsigned>(each.samples.size()))];
        return true;
      }
    }
  }

  std::mt19937& random_;
};

}  // namespace logs
