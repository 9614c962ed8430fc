#!/usr/bin/env python3
"""Makes plugins/traces/between/letter_table.hpp from Python's unicodedata: decimal digits and lower case.

    letters.py [--check]     --check: compare with what is there instead of writing; exit code 1 when it differs

Only what lies beyond ASCII. The lower case of an upper-case letter counts only where both take as many bytes in UTF-8.
"""
import pathlib
import sys
import unicodedata

TARGET = pathlib.Path(__file__).resolve().parents[2] / "plugins/traces/between/letter_table.hpp"
CODES = range(0x80, 0x110000)
RUN_MAX = 1024  # code points of one entry: ten bits hold one less

HEAD = """// Decimal digits (category Nd) and lower case beyond ASCII: Unicode Character Database @VERSION@.
//
// Made by tools/unicode/letters.py; packed into integers, so that the loader has nothing to relocate. Read by
// letters.cpp alone, which says what the bits are.
#pragma once

#include <cstdint>

namespace traces {

// clang-format off
inline constexpr std::uint32_t kDigitRuns[] = {
@DIGITS@};

struct LowerRun {
  std::uint32_t run;
  std::int32_t distance;
};
inline constexpr LowerRun kLowerRuns[] = {
@LOWERS@};
// clang-format on

}  // namespace traces
"""


def distance_of(code):
    """To the lower case that is written with as many bytes; 0: there is none."""
    char = chr(code)
    lower = char.lower()
    if unicodedata.category(char) != "Lu" or len(lower) != 1 or len(lower.encode()) != len(char.encode()):
        return 0
    return ord(lower) - code


def digit_runs():
    digits = [code for code in CODES if unicodedata.category(chr(code)) == "Nd"]
    at = 0
    while at < len(digits):
        count = 1
        while at + count < len(digits) and digits[at + count] == digits[at] + count:
            count += 1
        yield digits[at] << 11 | (count - 1) << 1
        at += count


def lower_runs():
    """(first, step 1 or 2, count, distance), as long as they get."""
    upper = [(code, distance_of(code)) for code in CODES if distance_of(code)]
    at = 0
    while at < len(upper):
        first, distance = upper[at]
        step = 1
        if at + 1 < len(upper) and upper[at + 1][0] - first == 2:
            step = 2
        count = 1
        while at + count < len(upper) and count < RUN_MAX and upper[at + count] == (first + count * step, distance):
            count += 1
        yield first << 11 | (count - 1) << 1 | (step - 1), distance
        at += count


def lines(words):
    out, line = [], "   "
    for word in words:
        if len(line) + len(word) + 2 > 120:
            out.append(line)
            line = "   "
        line += f" {word},"
    return "\n".join(out + [line]).rstrip(",")


def page():
    return (HEAD.replace("@VERSION@", unicodedata.unidata_version)
            .replace("@DIGITS@", lines(f"{run:#x}" for run in digit_runs()))
            .replace("@LOWERS@", lines(f"{{{run:#x}, {distance}}}" for run, distance in lower_runs())))


def main():
    wanted = page()
    if "--check" not in sys.argv:
        TARGET.write_text(wanted, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != wanted:
        sys.exit(f"{TARGET} is not what {sys.argv[0]} makes")


if __name__ == "__main__":
    main()
