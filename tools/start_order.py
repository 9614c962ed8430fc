#!/usr/bin/env python3
"""Finds which functions run before the first /next, and writes them into cmake/start_order/ for the linker.

    cmake --preset release -DSLS_NAMES=ON && cmake --build --preset release --target dist world_bench start_floor
    start_order.py [--build build]      needs valgrind; a start takes some seconds
    cmake --preset release -DSLS_NAMES=OFF

One file per program or plugin, a mangled name per line. Names that are no more do no harm, those that are missing only
cost a page: it need not be run after each change.
"""
import argparse
import os
import pathlib
import re
import stat
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
BYTES_MAX = 110  # of a name; the rest becomes a "*"
NUMBER = re.compile(r"\((\d+)\)(?: (.*))?$")


def profile(build, folder):
    """Runs the agent under callgrind until it asks for its first event; returns what was counted until then."""
    wrapper = folder / "agent"
    wrapper.write_text(f"""#!/bin/sh
exec valgrind -q --tool=callgrind --demangle=no --dump-before=_ZN5agent13ExtensionsApi4nextEv \\
  --callgrind-out-file={folder}/out {build}/dist/serverless-agent
""")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    subprocess.run([build / "tests/bench/world_bench", "--agent", wrapper, "--start-floor",
                    build / "tests/bench/start_floor", "--task-root", ROOT / "tests/bench/function", "--rounds", "1",
                    "start"], stdout=subprocess.DEVNULL, check=True)
    parts = sorted(folder.glob("out.*"), key=lambda path: path.name)
    if not parts or not parts[0].stat().st_size:
        sys.exit("start_order: nothing was counted; is valgrind there, and was the agent built with SLS_NAMES=ON?")
    return parts[0].read_text().splitlines()


def named(names, text):
    """callgrind writes a name once, as "(7) name", and "(7)" from then on."""
    found = NUMBER.match(text)
    if not found:
        return text
    if found[2] is not None:
        names[found[1]] = found[2]
    return names.get(found[1], "")


def functions(lines):
    """{path of the object: its functions}."""
    objects, names, out, path = {}, {}, {}, ""
    for line in lines:
        key, _, text = line.partition("=")
        if key in ("ob", "cob"):
            at = named(objects, text)
            path = at if key == "ob" else path
        elif key in ("fn", "cfn"):
            name = named(names, text)
            if key == "fn":
                out.setdefault(path, set()).add(name.split("'")[0])
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    build = parser.parse_args().build.resolve()
    with tempfile.TemporaryDirectory() as folder:
        found = functions(profile(build, pathlib.Path(folder)))
    for path, names in sorted(found.items()):
        if not path.startswith(str(build / "dist")):
            continue
        usable = {n for n in names if re.fullmatch(r"[A-Za-z_][\w.$]*", n)}
        rows = sorted({n if len(n) <= BYTES_MAX else n[:BYTES_MAX] + "*" for n in usable})
        target = ROOT / "cmake/start_order" / (os.path.basename(path).removesuffix(".so") + ".txt")
        target.parent.mkdir(exist_ok=True)
        target.write_text("# Run before the first /next; written by tools/start_order.py.\n" + "\n".join(rows) + "\n")
        print(f"{target.relative_to(ROOT)}: {len(usable)} functions")


if __name__ == "__main__":
    main()
