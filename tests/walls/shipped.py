#!/usr/bin/env python3
"""Checks what is shipped: each plugin exports its one symbol and nothing else, nobody names a library that the wall
table does not allow him, no text relocations, no executable stack, no search path of the build machine.

    shipped.py DIST
"""
import pathlib
import subprocess
import sys

import table

ENTRY = "sls_plugin_v1"


def readelf(*arguments):
    return subprocess.run(["readelf", "--wide", *map(str, arguments)], text=True, capture_output=True,
                          check=True).stdout.splitlines()


def exported(path):
    """Names of the defined dynamic symbols."""
    rows = [line.split() for line in readelf("--dyn-syms", path)]
    return [r[7].split("@")[0] for r in rows if len(r) >= 8 and r[4] in ("GLOBAL", "WEAK", "UNIQUE") and r[6] != "UND"]


def breaches(name, path):
    dynamic = readelf("-d", path)
    allowed = table.NEEDED_ALLOWED.get(name)
    if allowed is None:
        yield "is not in the wall table (NEEDED_ALLOWED)"
        allowed = []
    for line in dynamic:
        if "(NEEDED)" in line:
            library = line.split("[")[1].rstrip("]")
            if library not in table.SYSTEM_LIBRARIES + allowed:
                yield f"names {library}"
        elif "(RPATH)" in line or "(RUNPATH)" in line:
            yield "carries a search path: " + line.split("[")[1].rstrip("]")
        elif "(TEXTREL)" in line:
            yield "has text relocations"
    for line in readelf("-l", path):
        if "GNU_STACK" in line and "RWE" in line:
            yield "has an executable stack"
    if name.startswith("plugins/") and exported(path) != [ENTRY]:
        yield f"exports {', '.join(exported(path)) or 'nothing'}, wanted {ENTRY} alone"


def main():
    dist = pathlib.Path(sys.argv[1])
    files = {str(p.relative_to(dist)): p for p in sorted(dist.rglob("*")) if p.is_file()}
    failed = 0
    for name, path in files.items():
        for sentence in breaches(name, path):
            failed += 1
            print(f"{name} {sentence}")
        print(f"{name}: {path.stat().st_size:,} bytes")
    for name in ("serverless-agent", "plugins/logs.so", "plugins/metrics.so", "plugins/traces.so"):
        if name not in files:
            failed += 1
            print(f"{name} is missing")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
