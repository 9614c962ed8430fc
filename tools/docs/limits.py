#!/usr/bin/env python3
"""Makes docs/limits.md from agent/base/limits.hpp: one row per `kName = value;  // what happens at the limit`.

    limits.py [--check]      --check: compare with what is there instead of writing; exit code 1 when it is stale
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "agent/base/limits.hpp"
TARGET = ROOT / "docs/limits.md"
ROW = re.compile(r"inline constexpr (?P<type>[\w:]+) (?P<name>k\w+) = (?P<value>[^;]+);\s*//\s*(?P<text>.*)")
GROUP = re.compile(r"// (?P<name>[A-Za-z][\w ]*)$")
HEAD = """# Limits of the host

Every limit has a name, a unit and something that happens there; what is dropped is counted. This page is made from
`agent/base/limits.hpp` by `./dev docs`. The limits of the plugins stand in their own READMEs."""


def readable(kind, value):
    """"2 << 20" -> "2 MiB", "200'000" -> "200,000", "30s" -> "30 s"."""
    shifted = re.fullmatch(r"(\d+) << (\d+)", value)
    if shifted:
        n = int(shifted[1]) << int(shifted[2])
        for unit, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
            if n % size == 0:
                return f"{n // size} {unit}"
    timed = re.fullmatch(r"([\d']+)(h|min|s|ms|us)", value)
    if timed and "nanoseconds" in kind:
        return f"{timed[1]} {timed[2]}"
    digits = value.replace("'", "")
    return f"{int(digits):,}" if digits.isdigit() else value


def page(text):
    out, seen = [HEAD], 0
    group = None
    for line in text.splitlines():
        named = GROUP.match(line.strip())
        row = ROW.match(line)
        if named:
            group = named["name"]
        if row:
            if group:
                out.append(f"\n## {group[0].upper()}{group[1:]}\n\n| limit | value | at the limit |\n|---|---|---|")
                group = None
            out.append(f"| `{row['name']}` | {readable(row['type'], row['value'])} | {row['text'].strip()} |")
            seen += 1
    constants = len(re.findall(r"inline constexpr", text))
    if seen != constants:
        sys.exit(f"{SOURCE}: {constants} limits, {seen} of the form `kName = value;  // what happens at the limit`")
    return "\n".join(out) + "\n"


def main():
    wanted = page(SOURCE.read_text(encoding="utf-8"))
    if "--check" not in sys.argv:
        TARGET.write_text(wanted, encoding="utf-8")
    elif not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != wanted:
        sys.exit(f"{TARGET.relative_to(ROOT)} is stale: type ./dev docs")


if __name__ == "__main__":
    main()
