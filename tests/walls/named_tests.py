#!/usr/bin/env python3
"""Every test that docs/defects-not-copied.md names is there: `Suite.Name`, `scenario.scn`, `some_fuzz.cpp`.

    named_tests.py --root DIR      exit code 1 when one is not
"""
import argparse
import pathlib
import re
import sys

PAGE = "docs/defects-not-copied.md"
NAME = re.compile(r"`([A-Z]\w+\.[A-Z]\w+|\w+\.scn|\w+_fuzz\.cpp)`")
TEST = re.compile(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)")


def there(root):
    out = set()
    for file in (root / "tests").rglob("*"):
        if file.suffix == ".scn" or file.name.endswith("_fuzz.cpp"):
            out.add(file.name)
        if file.suffix == ".cpp":
            out.update(".".join(match) for match in TEST.findall(file.read_text(encoding="utf-8")))
    return out


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--root", type=pathlib.Path, required=True)
    root = arguments.parse_args().root
    named = set(NAME.findall((root / PAGE).read_text(encoding="utf-8")))
    missing = sorted(named - there(root))
    for name in missing:
        print(f"{PAGE}: there is no test {name}")
    print(f"{PAGE}: {len(named)} tests named, {len(missing)} missing")
    sys.exit(1 if missing or not named else 0)


if __name__ == "__main__":
    main()
