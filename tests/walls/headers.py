#!/usr/bin/env python3
"""Every header of the host and of the SDK compiles alone. A header that its own .cpp includes first is proved by that
compilation and is left out here. plugin.h is also compiled as C99 and C11, without padding.

    headers.py --compiler CXX --c-compiler CC [--root DIR] [-jN]
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-DBOOST_ASIO_SEPARATE_COMPILATION",
         "-DBOOST_ASIO_NO_DEPRECATED", "-DBOOST_BEAST_SEPARATE_COMPILATION"]
C_FLAGS = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wpadded", "-Werror"]


def proved_elsewhere(header):
    source = header.with_suffix(".cpp")
    if not source.is_file():
        return False
    first = re.search(r'^\s*#\s*include\s*"([^"]+)"', source.read_text(encoding="utf-8"), re.M)
    any_first = re.search(r"^\s*#\s*include\s", source.read_text(encoding="utf-8"), re.M)
    return bool(first and any_first.start() == first.start() and pathlib.PurePath(first[1]).name == header.name)


def commands(root, cxx, cc):
    include = [f"-I{root / 'agent'}", f"-I{root / 'sdk/include'}", f"-I{root / 'sdk'}"]
    for folder in ("agent", "sdk/include", "sdk/codec"):
        for header in sorted((root / folder).rglob("*.hpp")):
            if not proved_elsewhere(header):
                yield [cxx, *FLAGS, *include, "-x", "c++", str(header)]
    contract = str(root / "sdk/include/sls/plugin.h")
    yield [cxx, *FLAGS, *include, "-Wpadded", "-x", "c++", contract]
    for standard in ("c99", "c11"):
        yield [cc, f"-std={standard}", *C_FLAGS, "-x", "c", contract]


def compile_one(command):
    # -include of an empty file would hide a missing include; the header is the main file, so #pragma once warns
    result = subprocess.run(command + ["-w"] if command[-1].endswith(".hpp") else command, text=True,
                            capture_output=True, check=False)
    return command, result.returncode, result.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--c-compiler", default="gcc")
    parser.add_argument("-j", type=int, default=2)
    options = parser.parse_args()
    failed = 0
    todo = list(commands(options.root.resolve(), options.compiler, options.c_compiler))
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        for command, code, errors in pool.map(compile_one, todo):
            if code:
                failed += 1
                print(f"{command[-1]} does not compile alone:\n{errors}")
    print(f"headers: {len(todo)} compiled alone, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
