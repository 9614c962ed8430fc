#!/usr/bin/env python3
"""Builds the module in go/ into FOLDER/shop, once.

    make_program.py FOLDER      exit code 77 (skipped) where there is no Go, or the module registry is out of reach

Modules and objects stay in the toolchain's own caches, so that only a machine's first build takes its time.
"""
import os
import pathlib
import shutil
import sys

import installed

SOURCES = pathlib.Path(__file__).with_name("go")


def install(folder):
    if not shutil.which("go"):
        installed.skip("there is no Go")
    here = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    installed.fetch(["go", "build", "-trimpath", "-ldflags=-s -w", "-o", folder / "shop", "."], SOURCES,
                    environment=here, unreachable=("no such host", "connection refused", "i/o timeout", "Forbidden",
                                                   "not available", "requires go >="))


if __name__ == "__main__":
    installed.once(sys.argv[1], [SOURCES / name for name in ("go.mod", "main.go", "invocation.go")], install)
