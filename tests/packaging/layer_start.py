#!/usr/bin/env python3
"""Starts the layer in a root that holds nothing but what the zip holds, in scenarios of the lab.

    layer_start.py --dist DIR --agent FILE --lab FILE --work DIR

The logs go by https to an intake of this program, whose authority lies where Amazon Linux keeps it. While a request is
on its way, the agent is seen at work: then /proc says which files it has mapped. Needs root, for chroot.
"""
import http.server
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import threading
import unittest
import zipfile

import zstandard

import given

sys.path.insert(0, str(given.ROOT / "tests/e2e"))
import certificates

SCENARIO = """
env DD_LOGS_CONFIG_LOGS_DD_URL=https://localhost:{port}
env LD_LIBRARY_PATH={libraries}
config <<END
logs_config:
  processing_rules:
    - {{type: mask_sequences, name: cards, pattern: "\\\\d{{4}}-\\\\d{{4}}", replace_placeholder: "[card]"}}
END
init
expect call path=/2020-01-01/extension/register body~"INVOKE" header.lambda-extension-name=datadog-agent count=1
invoke id=a {{
  line "paid with 4111-1111"
  statsd "orders:1|d"
  trace service=shop name=web.request resource="GET /" trace_id=7 span_id=8
}}
expect span name=web.request service=shop trace_id=7 span_id=8 count=1
expect request path~"/api/(v2/series|beta/sketches)" accepted=yes min=1
pause 50ms
signal SEGV
expect output text~"has resumed after" count=1
invoke id=b {{
  line "after the fault"
}}
shutdown
expect exit 0
expect ledger plugin=logs balanced=yes
expect output text~"ledger logs: received .* pending 0"
expect call path=/2020-01-01/extension/register count=1
"""

# Becomes the agent as the same process. What is mounted is gone with it.
START = """#!/bin/sh
echo $$ > {work}/pid
mkdir -p "{root}$LAMBDA_TASK_ROOT"
exec unshare --mount -- /bin/sh -c 'mount --rbind /proc "$0/proc" &&
  mount --bind "$LAMBDA_TASK_ROOT" "$0$LAMBDA_TASK_ROOT" && exec chroot "$0" /opt/extensions/datadog-agent' {root}
"""


class Intake(http.server.ThreadingHTTPServer):
    """Keeps the texts of what is posted, and which files the process of `pid_file` has mapped at that time."""

    def __init__(self, context, pid_file):
        super().__init__(("127.0.0.1", 0), Post)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.pid_file, self.texts, self.mapped = pid_file, [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Post(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "zstd":
            body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
        maps = pathlib.Path("/proc", self.server.pid_file.read_text().strip(), "maps").read_text()
        self.server.mapped.append(set(re.findall(r" r-xp .* (/.*)$", maps, re.M)))
        self.server.texts.append(body.decode())
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class InABareRoot(unittest.TestCase):
    def setUp(self):
        self.work = given.given.work / self.id().rsplit(".", 1)[1]
        self.root = self.work / "root"
        (self.root / "proc").mkdir(parents=True)
        told = given.pack("--out", self.work / "layer.zip")
        self.assertEqual(told.returncode, 0, told.stdout)
        print(told.stdout)
        # by the modes of the zip, as Lambda does, which zipfile's own extractall does not
        archive = zipfile.ZipFile(self.work / "layer.zip")
        for entry in archive.infolist():
            file = pathlib.Path(archive.extract(entry, self.root / "opt"))
            file.chmod(entry.external_attr >> 16 & 0o777)
        (self.root / "etc/pki/tls/certs").mkdir(parents=True)
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n")
        made = certificates.Certificates(self.work)
        shutil.copy(made.authority, self.root / "etc/pki/tls/certs/ca-bundle.crt")
        self.intake = Intake(made.server("good"), self.work / "pid")

    def tearDown(self):
        self.intake.shutdown()
        self.intake.server_close()

    def play(self, libraries):
        start = self.work / "datadog-agent"
        start.write_text(START.format(work=self.work, root=self.root))
        start.chmod(0o755)
        scenario = self.work / "bare_root.scn"
        scenario.write_text(SCENARIO.format(port=self.intake.server_address[1], libraries=libraries))
        played = subprocess.run([given.given.lab, "scenario", scenario, "--agent", start], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        self.assertEqual(played.returncode, 0, played.stdout)

    def expect_lines_and_own_files_alone(self):
        lines = "\n".join(self.intake.texts)
        self.assertIn("paid with [card]", lines)
        self.assertNotIn("4111", lines)
        self.assertIn("after the fault", lines)
        mapped = set().union(*self.intake.mapped)
        self.assertEqual({path for path in mapped if not path.startswith(f"{self.root}/opt/")}, set())
        names = {pathlib.PurePath(path).name for path in mapped}
        wanted = {"datadog-agent", "libc.so.6", "logs.so", "metrics.so", "traces.so", "regex.so",
                  "serverless-agent-tls.so", "libcrypto.so.3"}
        self.assertLessEqual(wanted, names)
        self.assertTrue(any(name.startswith("ld-linux-") for name in names), names)

    def test_lines_arrive_and_no_file_of_another_system_is_mapped(self):
        self.play("/nowhere")
        self.expect_lines_and_own_files_alone()

    # A runtime's LD_LIBRARY_PATH leads to the platform's libraries, which must not get beside our C library.
    def test_libraries_of_the_platform_are_left_alone(self):
        foreign = self.root / "lib64"
        foreign.mkdir()
        for library in (self.root / "opt/serverless-agent/lib").iterdir():
            (foreign / library.name).write_bytes(b"no library of this process")
        self.play("/lib64:/opt/lib")
        self.expect_lines_and_own_files_alone()


def why_not():
    if os.geteuid() != 0:
        return "chroot needs root"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        return "mounts of its own (unshare --mount) are not allowed here"
    return None


if __name__ == "__main__":
    if reason := why_not():
        print(f"skipped: {reason}")
        sys.exit(77)
    given.run_tests()
