#!/usr/bin/env python3
"""Uses the installed SDK as its README says, word for word: installs it, builds the README's plugin, makes a plugin
from the template, runs its test, packs its layer, builds the examples, and loads every shared object that came out.

    from_outside.py --build DIR --compiler CXX --work DIR
"""
import argparse
import ctypes
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile


class Str(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("len", ctypes.c_size_t)]


class Head(ctypes.Structure):
    """The first members of sls_plugin."""
    _fields_ = [("size", ctypes.c_uint32), ("abi_minor_needed", ctypes.c_uint32), ("stage", ctypes.c_uint32),
                ("flags", ctypes.c_uint32), ("id", Str), ("version", Str), ("about", Str)]


def run(*command, cwd=None):
    print("+", *command, flush=True)
    subprocess.run([str(c) for c in command], cwd=cwd, check=True)


def blocks(readme, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", readme, re.M | re.S)


def build(folder, prefix, compiler):
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    run("cmake", "-B", "build", *generator, *launcher, f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={compiler}", cwd=folder)
    run("cmake", "--build", "build", cwd=folder)


def loaded_id(path):
    library = ctypes.CDLL(str(path), mode=os.RTLD_NOW | os.RTLD_LOCAL)
    library.sls_plugin_v1.restype = ctypes.POINTER(Head)
    table = library.sls_plugin_v1().contents
    assert table.abi_minor_needed == 0, path
    return ctypes.string_at(table.id.data, table.id.len).decode()


def main():
    arguments = argparse.ArgumentParser()
    for name in ("--build", "--compiler", "--work"):
        arguments.add_argument(name, required=True)
    given = arguments.parse_args()
    work = pathlib.Path(given.work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    prefix = work / "sls"
    run("cmake", "--install", given.build, "--component", "sdk", "--prefix", prefix)
    share = prefix / "share/sls"

    readme = (share / "README.md").read_text(encoding="utf-8")
    plugin = work / "readme"
    plugin.mkdir()
    (plugin / "error_count.cpp").write_text(blocks(readme, "cpp")[0], encoding="utf-8")
    (plugin / "CMakeLists.txt").write_text(blocks(readme, "cmake")[0], encoding="utf-8")
    build(plugin, prefix, given.compiler)

    # what the README shows of testing is compiled too, around the plugin of its first block
    snippet = blocks(readme, "cpp")[1].split("\n\n", 1)
    checks = snippet[1].replace("EXPECT_EQ(", "if (!(").replace(", 1u);", " == 1u)) return 1;")
    checks = checks.replace("EXPECT_TRUE(", "if (!(").replace(".empty());", ".empty())) return 2;")
    (plugin / "check.cpp").write_text(f'#include "error_count.cpp"\n{snippet[0]}\nint main() {{\n{checks}\n}}\n',
                                      encoding="utf-8")
    run(given.compiler, "-std=c++20", "-I", prefix / "include", "check.cpp", "-o", "check", cwd=plugin)
    run(plugin / "check")

    # a codec with its engine, which lies beside the libraries and not among them
    (plugin / "regex.cpp").write_text("""#include <sls/codec/regex_replacement.hpp>
int main(int, char** arguments) {
  std::string error, out;
  const sls::RegexEngine* engine = sls::open_regex_engine(error, arguments[1]);
  if (engine == nullptr) return 1;
  const sls::Regex regex = sls::Regex::compile(*engine, "(?<user>[a-z]+)@[a-z.]+", error);
  if (!regex || !sls::Replacement("<${user}>", regex).replace_all(regex, "to bob@example.com", out)) return 2;
  return out == "to <bob>" ? 0 : 3;
}
""", encoding="utf-8")
    run(given.compiler, "-std=c++20", "-I", prefix / "include", "regex.cpp", next(prefix.rglob("libsls_codec.a")), "-o",
        "regex", cwd=plugin)
    run(plugin / "regex", next(prefix.rglob("regex.so")))

    template = work / "acme-line-count"
    run(share / "template/new-plugin.sh", "acme-line-count", template)
    build(template, prefix, given.compiler)
    run("ctest", "--test-dir", "build", "--output-on-failure", "--no-tests=error", cwd=template)
    run("cmake", "--build", "build", "--target", "acme-line-count-layer", cwd=template)
    packed = zipfile.ZipFile(template / "build/acme-line-count-layer.zip").namelist()
    assert "serverless-agent/plugins/acme-line-count.so" in packed, packed
    refused = subprocess.run([share / "template/new-plugin.sh", "Bad_Name"], cwd=work, capture_output=True, text=True)
    assert refused.returncode == 1 and "is no id" in refused.stderr, refused

    examples = work / "examples"
    shutil.copytree(share / "examples", examples)
    build(examples, prefix, given.compiler)

    found = {loaded_id(path): path for path in sorted(work.rglob("*.so"))
             if "layer" not in path.parent.parts and prefix not in path.parents}
    wanted = {"acme-error-count", "acme-line-count", "acme-log-metric", "acme-redactor"}
    assert wanted <= set(found), found
    for name, path in found.items():
        print(f"{name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
