#!/usr/bin/env python3
"""Packs a Lambda layer that needs nothing of the system it starts on: the agent, plugins, the agent's own libraries,
every shared library that these need, and the loader that the agent names.

    layer.py --dist DIR --agent FILE (--out FILE.zip | --folder DIR) [--plugins logs,metrics,PATH.so]

The agent is the build whose loader lies inside the layer (the CMake target serverless-agent-layer). The same content
always makes the same bytes. Exit code 1, with a word, where something is missing.
"""
import argparse
import difflib
import pathlib
import shutil
import sys
import zipfile

import elf

HOME = "serverless-agent"  # below /opt, where the agent looks
EXTENSION = "extensions/datadog-agent"
FOLDERS = ["/lib/{}-linux-gnu", "/usr/lib/{}-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"]
LAYER_BYTES_MAX = 250 * 1024 * 1024  # Lambda: the function and all of its layers, unpacked


class Refused(Exception):
    pass


def chosen_plugins(dist, wanted):
    there = {path.stem: path for path in sorted((dist / "plugins").glob("*.so"))}
    if wanted is None:
        return list(there.values())
    out = []
    for name in filter(None, (word.strip() for word in wanted.split(","))):
        if name not in there and not ("/" in name and pathlib.Path(name).is_file()):
            near = difflib.get_close_matches(name, there, 1)
            raise Refused(f"--plugins names {name}; wanted a file of {dist}/plugins ({', '.join(there) or 'none'}) or "
                          f"the path of a .so" + (f"; did you mean {near[0]}?" if near else ""))
        out.append(there.get(name) or pathlib.Path(name))
    return out


class Tree:
    """Path in the layer -> file that goes there."""

    def __init__(self, machine, folders):
        self.machine, self.folders, self.files = machine, folders, {}

    def add(self, place, path):
        if place in self.files and self.files[place].resolve() != path.resolve():
            raise Refused(f"{place} would be {self.files[place]} and {path}; one of them was wanted")
        if place in self.files:
            return
        about = elf.read(path)
        if about.machine != self.machine:
            raise Refused(f"{path} is built for {about.machine}; {self.machine} was wanted")
        self.files[place] = path
        for name in about.needed:
            self.add(f"{HOME}/lib/{pathlib.PurePath(name).name}", self.library(name, path, about.search))

    def library(self, name, asked_by, search):
        own = [part.replace("$ORIGIN", str(asked_by.parent)).replace("${ORIGIN}", str(asked_by.parent))
               for part in search]
        folders = [*own, *self.folders]
        for folder in folders:
            path = pathlib.Path(folder, name)
            try:
                if path.is_file() and elf.read(path).machine == self.machine:
                    return path
            except elf.NotElf:
                continue  # a linker script of that name
        raise Refused(f"{asked_by} needs {name}, which is in none of {', '.join(folders)}; name its folder by "
                      f"--libraries")


def collect(given):
    dist, agent = pathlib.Path(given.dist), pathlib.Path(given.agent)
    about = elf.read(agent)
    loader = pathlib.PurePath(about.interpreter)
    if loader.parent != pathlib.PurePath("/opt", HOME, "lib"):
        raise Refused(f"{agent} is run by {loader}; a loader in /opt/{HOME}/lib was wanted: the build of the target "
                      f"serverless-agent-layer")
    tree = Tree(about.machine, given.libraries + [folder.format(about.machine) for folder in FOLDERS])
    tree.add(EXTENSION, agent)
    tree.add(f"{HOME}/lib/{loader.name}", tree.library(loader.name, agent, []))
    for name in ("regex.so", "serverless-agent-tls.so"):
        tree.add(f"{HOME}/lib/{name}", dist / "lib" / name)
    for plugin in chosen_plugins(dist, given.plugins):
        tree.add(f"{HOME}/plugins/{plugin.name}", plugin)
    return dict(sorted(tree.files.items()))


def pack(files, out):
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for place, path in files.items():
            entry = zipfile.ZipInfo(place, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # so that the mode below counts
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, path.read_bytes())
        return {entry.filename: entry.compress_size for entry in archive.infolist()}


def lay_out(files, folder):
    for place, path in files.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o755)


def tell(files, packed):
    total = 0
    for place, path in files.items():
        size = path.stat().st_size
        total += size
        print(f"{size:>12,}  {packed[place]:>12,}  {place}" if packed else f"{size:>12,}  {place}")
    print(f"{total:>12,}  " + (f"{sum(packed.values()):>12,}  " if packed else "") + f"in {len(files)} files")
    if total > LAYER_BYTES_MAX:
        raise Refused(f"the layer has {total:,} bytes unpacked; Lambda takes at most {LAYER_BYTES_MAX:,}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dist", required=True, help="plugins/ and lib/ of the release build")
    parser.add_argument("--agent", required=True, help="the agent, linked for the layer")
    parser.add_argument("--plugins", help="names in the build, or paths of others; by default all of the build")
    parser.add_argument("--libraries", action="append", default=[], metavar="DIR",
                        help="where to look for shared libraries first")
    parser.add_argument("--out", help="the zip to write")
    parser.add_argument("--folder", help="the same as a tree, for COPY into /opt of an image")
    given = parser.parse_args()
    if not given.out and not given.folder:
        parser.error("--out or --folder is wanted")
    try:
        files, packed = collect(given), {}
        if given.folder:
            folder = pathlib.Path(given.folder)
            if folder.exists() and any(folder.iterdir()):
                raise Refused(f"{folder} is not empty; a new one was wanted, so that nothing else gets into the image")
            lay_out(files, folder)
        if given.out:
            packed = pack(files, pathlib.Path(given.out))
        tell(files, packed)
    except (Refused, elf.NotElf, OSError) as problem:
        print(f"layer: {problem}", file=sys.stderr)
        return 1
    for place in filter(None, (given.folder, given.out)):
        print(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
