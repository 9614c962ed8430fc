#!/usr/bin/env python3
"""What the layer holds: all that its files need, nothing else, in the same bytes each time.

    layer_content.py --dist DIR --agent FILE --lab FILE --work DIR
"""
import pathlib
import re
import stat
import unittest
import zipfile

import given
import elf

HOME = "serverless-agent"


def packed(name, *arguments):
    out = given.given.work / name
    told = given.pack("--out", out, *arguments)
    assert told.returncode == 0, told.stdout
    return zipfile.ZipFile(out), told.stdout


class Content(unittest.TestCase):
    def test_holds_the_agent_its_libraries_and_the_chosen_plugins_alone(self):
        names = packed("logs.zip", "--plugins", "logs")[0].namelist()
        self.assertEqual([n for n in names if not n.startswith(f"{HOME}/lib/")],
                         ["extensions/datadog-agent", f"{HOME}/plugins/logs.so"])
        libraries = {pathlib.PurePath(n).name for n in names if n.startswith(f"{HOME}/lib/")}
        self.assertLessEqual({"regex.so", "serverless-agent-tls.so", "libc.so.6"}, libraries)

    def test_holds_every_library_that_one_of_its_files_names_and_no_other(self):
        archive, _ = packed("all.zip")
        archive.extractall(given.given.work / "all")
        files = [given.given.work / "all" / name for name in archive.namelist()]
        named = {name for file in files for name in elf.read(file).needed}
        ours = {"regex.so", "serverless-agent-tls.so"}
        libraries = {file.name for file in files if file.parent.name == "lib"}
        loader = pathlib.PurePath(elf.read(files[0]).interpreter).name
        self.assertEqual(libraries, named | ours | {loader})

    def test_the_agent_is_run_by_the_loader_of_the_layer_and_looks_beside_it(self):
        about = elf.read(given.given.agent)
        self.assertTrue(about.interpreter.startswith(f"/opt/{HOME}/lib/ld-linux-"), about.interpreter)
        self.assertEqual(about.search, [f"$ORIGIN/../{HOME}/lib"])

    def test_is_the_same_bytes_each_time(self):
        packed("once.zip")
        packed("again.zip")
        self.assertEqual((given.given.work / "once.zip").read_bytes(), (given.given.work / "again.zip").read_bytes())

    def test_every_file_may_be_read_and_run_by_all_and_written_by_its_owner_alone(self):
        for entry in packed("modes.zip")[0].infolist():
            self.assertEqual(entry.external_attr >> 16, stat.S_IFREG | 0o755, entry.filename)

    def test_tells_the_size_of_every_file(self):
        archive, told = packed("told.zip")
        for entry in archive.infolist():
            name = re.escape(entry.filename)
            self.assertRegex(told, rf"(?m)^ *{entry.file_size:,} +{entry.compress_size:,}  {name}$")

    def test_the_folder_is_the_same_tree(self):
        archive, _ = packed("tree.zip", "--folder", given.given.work / "tree")
        tree = given.given.work / "tree"
        found = {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file()}
        self.assertEqual(found, {name: archive.read(name) for name in archive.namelist()})

    def test_refuses_with_the_nearest_name(self):
        told = given.pack("--out", given.given.work / "none.zip", "--plugins", "logs,metrisc")
        self.assertEqual(told.returncode, 1)
        self.assertIn("did you mean metrics?", told.stdout)
        self.assertFalse((given.given.work / "none.zip").exists())

    def test_takes_a_plugin_of_somebody_else_by_its_path(self):
        other = given.given.work / "acme.so"
        other.write_bytes((given.given.dist / "plugins/logs.so").read_bytes())
        names = packed("other.zip", "--plugins", f"metrics,{other}")[0].namelist()
        self.assertEqual([n for n in names if "/plugins/" in n],
                         [f"{HOME}/plugins/acme.so", f"{HOME}/plugins/metrics.so"])

    def test_refuses_what_is_no_shared_object_and_what_is_cut_off(self):
        whole = (given.given.dist / "plugins/logs.so").read_bytes()
        for name, content in (("text.so", b"not this"), ("cut.so", whole[:99])):
            bad = given.given.work / name
            bad.write_bytes(content)
            told = given.pack("--out", given.given.work / "bad.zip", "--plugins", str(bad))
            self.assertEqual(told.returncode, 1, told.stdout)
            self.assertIn(name, told.stdout)
            self.assertNotIn("Traceback", told.stdout)

    def test_refuses_a_folder_that_holds_something(self):
        folder = given.given.work / "taken"
        folder.mkdir()
        (folder / "else").touch()
        told = given.pack("--folder", folder)
        self.assertEqual(told.returncode, 1)
        self.assertIn("is not empty", told.stdout)


if __name__ == "__main__":
    given.run_tests()
