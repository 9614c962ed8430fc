#!/usr/bin/env python3
"""Installs requirements.txt into a virtual environment, once.

    make_venv.py FOLDER      exit code 77 (skipped) where the package registry is out of reach
"""
import pathlib
import shutil
import subprocess
import sys

REQUIREMENTS = pathlib.Path(__file__).with_name("requirements.txt")


def main():
    folder = pathlib.Path(sys.argv[1])
    stamp = folder / "installed.txt"
    if stamp.is_file() and stamp.read_text() == REQUIREMENTS.read_text():
        return
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = subprocess.run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2",
                          "-r", REQUIREMENTS], text=True, stderr=subprocess.PIPE, check=False)
    if pip.returncode:
        sys.stderr.write(pip.stderr)
        unreachable = "NewConnectionError" in pip.stderr or "No matching distribution" in pip.stderr
        print("skipped: the package registry is out of reach" if unreachable else "pip failed")
        sys.exit(77 if unreachable else 1)
    stamp.write_text(REQUIREMENTS.read_text())


if __name__ == "__main__":
    main()
