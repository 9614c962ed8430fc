#!/usr/bin/env python3
"""Checks the walls of the house against table.py: text only, nothing is compiled or run. Prints each breach with its
place and the rule; exit code 1 when there is one.

    walls.py [--root DIR]
"""
import argparse
import pathlib
import re
import subprocess
import sys

import table

CXX = (".cpp", ".hpp", ".h", ".c", ".cc")
TEXT = CXX + (".py", ".sh", ".cmake", ".txt", ".md", ".yaml", ".yml", ".json", ".proto", ".in", ".map")
STANDARD = set("""algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono
cinttypes climits clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef
cstdint
cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem forward_list fstream functional
future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore
set shared_mutex span sstream stack stdexcept stop_token streambuf string string_view system_error thread tuple
type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
stddef.h stdint.h stdbool.h string.h stdlib.h stdio.h math.h assert.h float.h ctype.h inttypes.h""".split())


def under(path, places):
    """Whether `path` is one of `places`, or lies in one that is a folder (or begins with one that ends in a name)."""
    return any(path == p or (p.endswith("/") and path.startswith(p)) or path.startswith(p + ".") for p in places)


def area_of(path):
    return max((a for a in table.AREAS if path.startswith(a)), key=len, default=None)


def strip(text):
    """The text with strings, characters and comments blanked out; line numbers stay."""
    pattern = re.compile(r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
                         r'|//[^\n]*|/\*(?:.|\n)*?\*/')

    def blank(m):
        token = m.group(0)
        return re.sub(r"[^\n]", " ", token) if token.startswith("/") else '"' + re.sub(r"[^\n]", " ", token[1:-1]) + '"'
    # digit separators are not character literals
    text = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "_", text)
    return pattern.sub(blank, text)


class Walls:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.breaches = []
        self.files = self.list_files()

    def list_files(self):
        try:
            out = subprocess.run(["git", "-C", self.root, "ls-files", "-co", "--exclude-standard"], text=True,
                                 capture_output=True, check=True).stdout.split("\n")
        except (OSError, subprocess.CalledProcessError):
            out = [str(p.relative_to(self.root)) for p in self.root.rglob("*") if p.is_file()]
        return sorted(f for f in out if f and (self.root / f).is_file() and not f.startswith("build"))

    def breach(self, path, line, rule):
        self.breaches.append(f"{path}:{line}: {rule}" if line else f"{path}: {rule}")

    def check(self):
        for path in self.files:
            name = pathlib.PurePath(path).name
            if not (path.endswith(TEXT) or name in ("dev", "run", ".clang-format")):
                continue
            text = (self.root / path).read_text(encoding="utf-8", errors="replace")
            self.check_text(path, text)
            if path.endswith(CXX):
                self.check_code(path, text)
        return self.breaches

    # ---- any text -------------------------------------------------------------------------------------------
    def check_text(self, path, text):
        corpus = re.match(r"tests/(fuzz|vectors)/|.*\.json$", path)
        for n, line in enumerate(text.split("\n"), 1):
            sample = path.startswith("tests/") and 'R"' in line  # input as it comes is not broken
            if len(line) > table.LINE_CHARACTERS_MAX and not corpus and not sample and not path.endswith(".md") \
                    and path not in table.LONG_LINES_ALLOWED:
                self.breach(path, n, f"{len(line)} characters in a line, at most {table.LINE_CHARACTERS_MAX}")
            if not path.startswith("tests/walls/") and re.search(table.MACHINE_PATHS, line):
                self.breach(path, n, "a path of some machine: " + re.search(table.MACHINE_PATHS + r"\S*", line)[0])

    # ---- C and C++ ------------------------------------------------------------------------------------------
    def check_code(self, path, text):
        code = strip(text)
        shipped = under(path, table.SHIPPED)
        stem = pathlib.PurePath(path).stem
        for word in stem.split("_"):
            if word in table.FILE_NAME_WORDS or stem in table.FILE_NAMES:
                self.breach(path, 0, f"a file is named by its noun, not by the role word '{word}'")
        if path.endswith(".hpp"):
            if not re.match(r"//[^\n]+\n", text):
                self.breach(path, 1, "a header opens with a paragraph: what this is, who calls it, where it goes")
            if "#pragma once" not in text:
                self.breach(path, 1, "#pragma once is missing")
        self.check_includes(path, text, shipped)
        if path.startswith("agent/"):
            self.check_words(path, text)
            self.check_coroutines(path, code)
        if shipped:
            self.match(path, code, table.ENVIRONMENT_WORDS, table.ENVIRONMENT_ALLOWED,
                       "the environment is read in one file")
            self.match(path, code, table.CLOCK_WORDS, table.CLOCK_ALLOWED,
                       "time is read once per entry (base/clock.hpp)")
            self.match(path, code, table.THREAD_WORDS, table.THREADS_ALLOWED, "threads meet only in net/offload")
            self.match(path, code, table.SLEEP_WORDS, [], "nothing sleeps")
        if path.startswith("tests/unit/"):
            self.match(path, code, table.SLEEP_WORDS, [], "a unit test does not sleep")

    def match(self, path, code, pattern, allowed, rule):
        if under(path, allowed):
            return
        for n, line in enumerate(code.split("\n"), 1):
            found = re.search(pattern, line)
            if found:
                self.breach(path, n, f"{rule}: {found[0].strip()}")

    def check_includes(self, path, text, shipped):
        area = area_of(path)
        if area is None:
            return
        for n, line in enumerate(text.split("\n"), 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not found:
                continue
            name = found[2]
            if found[1] == '"':
                self.check_quoted(path, n, area, name)
            elif name in STANDARD or ("/" not in name and "." not in name):
                self.check_standard(path, n, name, shipped)
            else:
                self.check_library(path, n, name, shipped)

    def check_quoted(self, path, n, area, name):
        target = self.resolve(path, area, name)
        if target is None:
            if not name.endswith(".pb.h"):
                self.breach(path, n, f"\"{name}\" is no file of the project")
            return
        home = area_of(target)
        if home != area and home not in table.AREAS[area]:
            self.breach(path, n, f"{area} may not include {target}")
        elif home != area and self.shows_library(target):
            self.breach(path, n, f"{target} shows a third party and stays in its room")

    def shows_library(self, header):
        text = (self.root / header).read_text(encoding="utf-8", errors="replace")
        names = re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.M)
        return any(name.startswith(prefix) and name not in table.LIBRARIES_IN_HEADERS.get(header, [])
                   for name in names for prefix in table.LIBRARIES) and header.startswith("agent/")

    def resolve(self, path, area, name):
        folders = [str(pathlib.PurePath(path).parent) + "/"] + [r.replace("{area}", area) for r in table.INCLUDE_ROOTS]
        for folder in folders:
            candidate = (self.root / folder / name)
            if candidate.is_file():
                return str(candidate.resolve().relative_to(self.root.resolve()))
        return None

    def check_standard(self, path, n, name, shipped):
        if shipped and name in table.SHIPPED_WITHOUT:
            self.breach(path, n, f"shipped code does without <{name}>")
        if path.startswith("plugins/") and name in table.PLUGINS_WITHOUT \
                and not under(path, table.PLUGINS_WITHOUT[name]):
            self.breach(path, n, f"a plugin does without <{name}>")
        if shipped and name in table.THREAD_HEADERS and not under(path, table.THREADS_ALLOWED):
            self.breach(path, n, f"<{name}>: threads meet only in net/offload")

    def check_library(self, path, n, name, shipped):
        if path.startswith(("tools/", "tests/")):
            return
        if name.startswith("sls/"):
            return self.check_quoted(path, n, area_of(path), name)
        if path.startswith("agent/") and path.endswith(".hpp"):
            system = any(self.is_system(name, headers) for headers in table.SYSTEM_HEADERS.values())
            if not system and name not in table.LIBRARIES_IN_HEADERS.get(path, []) \
                    and not under(path, table.LIBRARY_HEADERS_INSIDE):
                self.breach(path, n, f"<{name}> in a header of the host: third parties stay in the .cpp")
        for prefix, places in table.LIBRARIES.items():
            if name.startswith(prefix):
                if not under(path, places):
                    self.breach(path, n, f"<{name}> only in {', '.join(places)}")
                return
        allowed = [h for place, headers in table.SYSTEM_HEADERS.items() if path.startswith(place) for h in headers]
        if shipped and name in table.THREAD_HEADERS:
            if not under(path, table.THREADS_ALLOWED):
                self.breach(path, n, f"<{name}>: threads meet only in net/offload")
        elif not self.is_system(name, allowed):
            self.breach(path, n, f"<{name}> is not in the wall table for this place")

    @staticmethod
    def is_system(name, headers):
        return any(name == h or (h.endswith("/") and name.startswith(h)) for h in headers)

    def check_words(self, path, text):
        words = re.compile(r"(?<![\w-])(?:" + "|".join(table.PRODUCT_WORDS) + r")(?![\w-])", re.I)
        allowed = table.PRODUCT_WORDS_ALLOWED.get(path, [])
        for n, line in enumerate(text.split("\n"), 1):
            line = re.sub(r"\bstd::span\b|<span>|\bspan<", " ", line)
            for found in words.finditer(line):
                if not any(re.fullmatch(a, found[0], re.I) for a in allowed):
                    self.breach(path, n, f"a word of a signal in the host: '{found[0]}'")

    def check_coroutines(self, path, code):
        for found in re.finditer(r"\bco_await\b|\bco_return\b|\bco_yield\b", code):
            n = code.count("\n", 0, found.start()) + 1
            if not under(path, table.COROUTINES_ALLOWED):
                self.breach(path, n, f"{found[0]} outside of {', '.join(table.COROUTINES_ALLOWED)}")
            elif found[0] == "co_await":
                trap = gcc_trap(code, found.start())
                if trap:
                    self.breach(path, n, f"{trap} in an expression with co_await (a trap of GCC 12): name it above")


def gcc_trap(code, at):
    """What GCC 12.2 miscompiles in the full expression around a co_await at `at`, or None."""
    begin = max(code.rfind(c, 0, at) for c in ";{}") + 1
    before = code[begin:at]
    depth, end = 0, at
    while end < len(code):
        c = code[end]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif c == ";" and depth <= 0:
            break
        end += 1
    expression = code[at:end]
    if "?" in expression or "?" in before:
        return "?:"
    if re.search(r"\[(?!this\])[^\]&]*[=\w][^\]&]*\]\s*(?:\([^)]*\)\s*)?(?:mutable\s*)?\{", expression):
        return "a lambda with captures by value"
    if re.search(r"\w\s*\{|[(,]\s*\{", re.sub(r"\[&?\]\s*(?:\([^)]*\)\s*)?\{", " ", expression)):
        return "a braced temporary"
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--root", default=pathlib.Path(__file__).resolve().parents[2])
    walls = Walls(arguments.parse_args().root)
    breaches = walls.check()
    print("\n".join(breaches))
    coroutines = [f for f in walls.files if f.startswith("agent/") and f.endswith(CXX)
                  and "co_await" in strip((walls.root / f).read_text(encoding="utf-8"))]
    print(f"walls: {len(walls.files)} files, {len(coroutines)} with co_await, {len(breaches)} breaches")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
