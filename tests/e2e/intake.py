"""An intake for tests, with or without TLS, that decodes with the distribution's Python libraries.

    with Intake(certificates.server("good")) as intake: …; intake.origin; intake.logs(); intake.handshakes_failed
"""
import gzip
import http.server
import json
import socketserver
import ssl
import threading

import zstandard


def decoded(body, encoding):
    if encoding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return gzip.decompress(body) if encoding == "gzip" else body


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        # here and not at accept(): a slow handshake holds nobody else up, and its failure is this connection's
        if self.server.intake.context:
            self.request = self.server.intake.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.intake.take(self.path, dict(self.headers), decoded(body, self.headers.get("Content-Encoding")))
        self.send_response(202)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        self.intake.handshake_failed()


class Intake:
    def __init__(self, context=None, heal=None, heal_after=0):
        """`heal`: the context from the `heal_after`-th failed handshake on."""
        self.context, self.heal, self.heal_after = context, heal, heal_after
        self.handshakes_failed = 0
        self.requests = []  # (path, headers, body)
        self.lock = threading.Lock()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.intake = self
        scheme = "https" if context else "http"
        self.origin = f"{scheme}://localhost:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def take(self, path, headers, body):
        with self.lock:
            self.requests.append((path, headers, body))

    def handshake_failed(self):
        with self.lock:
            self.handshakes_failed += 1
            if self.heal and self.handshakes_failed >= self.heal_after:
                self.context = self.heal

    def logs(self):
        """Every log entry that arrived, in order."""
        with self.lock:
            return [entry for path, _, body in self.requests if "/api/v2/logs" in path for entry in json.loads(body)]
