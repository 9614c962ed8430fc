#!/usr/bin/env python3
"""Installs package.json into a folder, once.

    make_modules.py FOLDER      exit code 77 (skipped) where there is no npm, or the package registry is out of reach
"""
import pathlib
import shutil
import sys

import installed

PACKAGES = pathlib.Path(__file__).with_name("package.json")


def install(folder):
    if not shutil.which("npm"):
        installed.skip("there is no npm")
    shutil.copy(PACKAGES, folder)
    installed.fetch(["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"], folder,
                    unreachable=("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "E404"))


if __name__ == "__main__":
    installed.once(sys.argv[1], [PACKAGES], install)
