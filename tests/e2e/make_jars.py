#!/usr/bin/env python3
"""Fetches what java/pom.xml names and compiles java/Shop.java into a folder, once.

    make_jars.py FOLDER      exit code 77 (skipped) where there is no Maven or JDK, or the registry is out of reach
"""
import pathlib
import shutil
import sys

import installed

SOURCES = pathlib.Path(__file__).with_name("java")


def install(folder):
    if not shutil.which("mvn") or not shutil.which("javac"):
        installed.skip("there is no Maven or no JDK")
    shutil.copy(SOURCES / "pom.xml", folder)
    installed.fetch(["mvn", "--quiet", "--batch-mode", "dependency:copy-dependencies", "-DoutputDirectory=jars"],
                    folder, unreachable=("Could not transfer", "Unknown host", "Connect to", "not find artifact"))
    next((folder / "jars").glob("dd-java-agent-*.jar")).rename(folder / "dd-java-agent.jar")
    installed.build(["javac", "-cp", "jars/*", "-d", "classes", SOURCES / "Shop.java"], folder)


if __name__ == "__main__":
    installed.once(sys.argv[1], [SOURCES / "pom.xml", SOURCES / "Shop.java"], install)
