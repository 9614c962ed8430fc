#!/usr/bin/env python3
"""Counts test cases from what ctest and the test programs reported.

    summary.py REPORTS       one line "PASSED FAILED" for a folder with ctest.xml and the programs' JSON reports
    summary.py --total FILE  adds such lines up and prints "N passed, M failed"; exit code 1 when one failed or none ran
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as xml


def cases(reports, name, passed):
    """(passed, failed) of one ctest entry: those of its own report where it wrote one, else the entry itself."""
    report = reports / f"{name}.json"
    if not report.is_file():
        return (1, 0) if passed else (0, 1)
    counted = json.loads(report.read_text(encoding="utf-8"))
    failed = counted["failures"] + counted["errors"]
    return counted["tests"] - counted["disabled"] - failed, max(failed, 0 if passed else 1)


def count(reports):
    totals = [0, 0]
    for case in xml.parse(reports / "ctest.xml").getroot().iter("testcase"):
        if case.get("status") in ("disabled", "notrun"):
            continue
        for i, n in enumerate(cases(reports, case.get("name"), case.get("status") == "run")):
            totals[i] += n
    return totals


def main():
    if sys.argv[1] == "--total":
        rows = [[int(n) for n in line.split()] for line in pathlib.Path(sys.argv[2]).read_text().splitlines()]
        passed, failed = sum(r[0] for r in rows), sum(r[1] for r in rows)
        print(f"{passed} passed, {failed} failed")
        sys.exit(1 if failed or not passed else 0)
    print(*count(pathlib.Path(sys.argv[1])))


if __name__ == "__main__":
    main()
