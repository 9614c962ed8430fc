#!/usr/bin/env python3
"""Installs requirements.txt into a virtual environment, once.

    make_venv.py FOLDER      exit code 77 (skipped) where the package registry is out of reach
"""
import pathlib
import sys

import installed

REQUIREMENTS = pathlib.Path(__file__).with_name("requirements.txt")


def install(folder):
    installed.build([sys.executable, "-m", "venv", folder], folder)
    installed.fetch([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2", "-r",
                     REQUIREMENTS], folder, unreachable=("NewConnectionError", "No matching distribution"))


if __name__ == "__main__":
    installed.once(sys.argv[1], [REQUIREMENTS], install)
