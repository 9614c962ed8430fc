#!/usr/bin/env python3
"""Makes docs/settings.md and configs/datadog.full.yaml from what the built agent says of its settings and its plugins'.

    settings.py [--check] AGENT      --check: compare instead of writing; exit code 1 when one is stale
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = {"docs/settings.md": "--markdown", "configs/datadog.full.yaml": "--yaml"}


def main():
    agent = sys.argv[-1]
    for page, form in PAGES.items():
        said = subprocess.run([agent, "settings", form], text=True, capture_output=True, check=True, env={}).stdout
        target = ROOT / page
        if "--check" not in sys.argv:
            target.parent.mkdir(exist_ok=True)
            target.write_text(said, encoding="utf-8")
        elif not target.is_file() or target.read_text(encoding="utf-8") != said:
            sys.exit(f"{page} is stale: type ./dev docs")


if __name__ == "__main__":
    main()
