#!/usr/bin/env python3
"""The wall check finds what it is there for: each case plants one breach in an empty house and expects that sentence;
each counterpart, which is allowed, stays silent."""
import pathlib
import tempfile
import unittest

from walls import Walls, gcc_trap, strip

HEADER = "// What this is.\n#pragma once\n"

# file -> text, then a part of the sentence that is expected, or None
CASES = {
    "room includes a room above it": ({"agent/net/a.hpp": HEADER, "agent/base/b.cpp": '#include "net/a.hpp"\n'},
                                      "agent/base/ may not include agent/net/a.hpp"),
    "room includes a room below it": ({"agent/base/a.hpp": HEADER, "agent/net/b.cpp": '#include "base/a.hpp"\n'}, None),
    "plugin includes the host": ({"agent/base/a.hpp": HEADER,
                                  "plugins/logs/b.cpp": '#include "../../agent/base/a.hpp"\n'},
                                 "plugins/logs/ may not include agent/base/a.hpp"),
    "plugin includes a plugin": ({"plugins/logs/a.hpp": HEADER, "plugins/traces/b.cpp": '#include "logs/a.hpp"\n'},
                                 "plugins/traces/ may not include plugins/logs/a.hpp"),
    "ground includes the host": ({"agent/base/a.hpp": HEADER, "sdk/codec/b.cpp": '#include "base/a.hpp"\n'},
                                 "sdk/codec/ may not include"),
    "lab uses our encoder": ({"sdk/codec/a.hpp": HEADER, "tools/lab/b.cpp": '#include "codec/a.hpp"\n'},
                             "tools/lab/ may not include sdk/codec/a.hpp"),
    "include of nothing": ({"agent/net/b.cpp": '#include "net/gone.hpp"\n'}, "is no file of the project"),
    "Beast outside net": ({"agent/lambda/a.cpp": "#include <boost/beast/core.hpp>\n"}, "only in agent/net/"),
    "Beast in net": ({"agent/net/a.cpp": "#include <boost/beast/core.hpp>\n"}, None),
    "zstd in a header": ({"agent/forward/a.hpp": HEADER + "#include <zstd.h>\n"}, "in a header of the host"),
    "Beast in a header that stays inside": ({"agent/net/a.hpp": HEADER + "#include <boost/beast/core.hpp>\n"}, None),
    "Beast in a header that goes out": ({"agent/net/a.hpp": HEADER + "#include <boost/beast/core.hpp>\n",
                                         "agent/lambda/b.cpp": '#include "net/a.hpp"\n'}, "stays in its room"),
    "yaml elsewhere": ({"agent/config/settings.cpp": "#include <yaml.h>\n"}, "yaml_source"),
    "RE2 in the host": ({"agent/base/a.cpp": "#include <re2/re2.h>\n"}, "only in sdk/codec/regex/"),
    "unknown library": ({"agent/base/a.cpp": "#include <curl/curl.h>\n"}, "not in the wall table"),
    "socket in a plugin": ({"plugins/metrics/a.cpp": "#include <sys/socket.h>\n"}, "not in the wall table"),
    "iostream is not shipped": ({"plugins/logs/a.cpp": "#include <iostream>\n"}, "does without <iostream>"),
    "word of a signal": ({"agent/routes/a.cpp": "// the execution span begins\n"}, "'span'"),
    "word in capitals": ({"agent/routes/a.cpp": "int x;  // DogStatsD\n"}, "'DogStatsD'"),
    "path of an intake": ({"agent/forward/a.cpp": 'auto p = "/api/v2/logs";\n'}, "'api/v2'"),
    "std::span is another word": ({"agent/net/a.cpp": "#include <span>\nvoid f(std::span<const int>);\n"}, None),
    "span in a plugin": ({"plugins/traces/a.cpp": "// a span\n"}, None),
    "coroutine outside": ({"agent/routes/a.cpp": "void f() { co_await g(); }\n"}, "co_await outside of"),
    "coroutine in lambda": ({"agent/lambda/a.cpp": "void f() { co_await g(x); }\n"}, None),
    "co_await in a comment": ({"agent/routes/a.cpp": "// no co_await here\n"}, None),
    "aggregate in co_await": ({"agent/net/a.cpp": "void f() { co_await g(Opt{s, 1}); }\n"}, "a braced temporary"),
    "getenv elsewhere": ({"agent/config/settings.cpp": 'auto v = getenv("X");\n'}, "environment is read in one file"),
    "getenv at home": ({"agent/config/environment_source.cpp": 'auto v = getenv("X");\n'}, None),
    "clock in a plugin": ({"plugins/logs/a.cpp": "auto n = std::chrono::system_clock::now();\n"}, "time is read once"),
    "mutex in a room": ({"agent/forward/a.cpp": "#include <mutex>\n"}, "only in net/offload"),
    "atomic in a room": ({"agent/forward/a.cpp": "std::atomic<int> x;\n"}, "only in net/offload"),
    "mutex in offload": ({"agent/net/offload.cpp": "#include <mutex>\nstd::mutex m;\n"}, None),
    "long line": ({"agent/net/a.cpp": "// " + "x" * 118 + "\n"}, "121 characters"),
    "umlauts count once": ({"agent/net/a.cpp": "// " + "ü" * 117 + "\n"}, None),
    "path of a machine": ({"docs/a.md": "see /ho" "me/me/x\n"}, "a path of some machine"),
    "header without paragraph": ({"agent/net/a.hpp": "#pragma once\n"}, "opens with a paragraph"),
    "header without guard": ({"agent/net/a.hpp": "// What.\n"}, "#pragma once is missing"),
    "role word as a name": ({"agent/net/http_helper.cpp": "\n"}, "role word 'helper'"),
    "unit test sleeps": ({"tests/unit/net/a_test.cpp": "std::this_thread::sleep_for(x);\n"}, "does not sleep"),
}

TRAPS = {
    "auto r = co_await f(x, y);": None,
    "if (!co_await f(x)) { g({1, 2}); }": None,
    "auto r = (co_await f(x)).value; auto o = Opt{1};": None,
    "co_await f([&] { g(); });": None,
    "co_await f({A(), B()});": "a braced temporary",
    "co_await f(Opt{.a = 1});": "a braced temporary",
    "co_await (c ? f(x) : g(y));": "?:",
    "auto r = c ? x : co_await f(y);": "?:",
    "co_await f([state] { g(); });": "a lambda with captures by value",
    "co_await f([s = std::move(s)]() mutable { g(); });": "a lambda with captures by value",
}


def breaches(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            file = pathlib.Path(root) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return Walls(root).check()


class WallsTest(unittest.TestCase):
    def test_cases(self):
        for name, (files, expected) in CASES.items():
            with self.subTest(name):
                found = breaches(files)
                if expected is None:
                    self.assertEqual(found, [])
                else:
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(expected, found[0])

    def test_traps(self):
        for code, expected in TRAPS.items():
            with self.subTest(code):
                self.assertEqual(gcc_trap(code, code.index("co_await")), expected)

    def test_strip_keeps_lines_and_digit_separators(self):
        self.assertEqual(strip("a /* b\nc */ d"), "a     \n     d")
        self.assertEqual(strip("int x = 200'000; // it's\n"), "int x = 200_000;        \n")
        self.assertEqual(strip('f("co_await")'), 'f("        ")')


if __name__ == "__main__":
    unittest.main(verbosity=1)
