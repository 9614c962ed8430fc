"""What both tests of the layer are given, and how they pack one."""
import argparse
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

parser = argparse.ArgumentParser()
for name in ("--dist", "--agent", "--lab", "--work"):
    parser.add_argument(name, required=True, type=pathlib.Path)
given, for_unittest = parser.parse_known_args()
shutil.rmtree(given.work, ignore_errors=True)
given.work.mkdir(parents=True)


def pack(*arguments):
    return subprocess.run([sys.executable, ROOT / "packaging/layer.py", "--dist", given.dist, "--agent", given.agent,
                           *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run_tests():
    unittest.main(argv=[sys.argv[0], *for_unittest], verbosity=2)
