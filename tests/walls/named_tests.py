#!/usr/bin/env python3
"""Every test that these pages of docs/ name is there: `Suite.Name`, `scenario.scn`, `some_fuzz.cpp`.

    named_tests.py --root DIR      exit code 1 when one is not
"""
import argparse
import pathlib
import re
import sys

PAGES = ("docs/defects-not-copied.md", "docs/observable-behaviour.md")
NAME = re.compile(r"`([A-Z]\w+\.[A-Z]\w+|\w+\.scn|\w+_fuzz\.cpp)`")
TEST = re.compile(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)")


def there(root):
    out = set()
    for file in (root / "tests").rglob("*"):
        if file.name.endswith((".scn", ".scn.in", "_fuzz.cpp")):
            out.add(file.name.removesuffix(".in"))
        if file.suffix == ".cpp":
            out.update(".".join(match) for match in TEST.findall(file.read_text(encoding="utf-8")))
    return out


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--root", type=pathlib.Path, required=True)
    root = arguments.parse_args().root
    found, failed = there(root), False
    for page in PAGES:
        named = set(NAME.findall((root / page).read_text(encoding="utf-8")))
        missing = sorted(named - found)
        for name in missing:
            print(f"{page}: there is no test {name}")
        print(f"{page}: {len(named)} tests named, {len(missing)} missing")
        failed = failed or bool(missing) or not named
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
