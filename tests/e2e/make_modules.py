#!/usr/bin/env python3
"""Installs package.json into a folder, once.

    make_modules.py FOLDER      exit code 77 (skipped) where there is no npm, or the package registry is out of reach
"""
import pathlib
import shutil
import subprocess
import sys

PACKAGES = pathlib.Path(__file__).with_name("package.json")


def main():
    folder = pathlib.Path(sys.argv[1])
    stamp = folder / "installed.txt"
    if stamp.is_file() and stamp.read_text() == PACKAGES.read_text():
        return
    if not shutil.which("npm"):
        print("skipped: there is no npm")
        sys.exit(77)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(PACKAGES, folder)
    npm = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"], cwd=folder,
                         text=True, capture_output=True, check=False)
    if npm.returncode:
        said = npm.stdout + npm.stderr
        sys.stderr.write(said)
        unreachable = any(word in said for word in ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "E404"))
        print("skipped: the package registry is out of reach" if unreachable else "npm failed")
        sys.exit(77 if unreachable else 1)
    stamp.write_text(PACKAGES.read_text())


if __name__ == "__main__":
    main()
