#!/usr/bin/env python3
"""An HTTPS door in front of a plain intake: ends TLS and hands the bytes through, both ways.

    tls_front.py FOLDER UPSTREAM_PORT CERTIFICATE

FOLDER gets the certificates (certificates.py); CERTIFICATE is good, wrong_name, unknown_issuer or expired. Prints its
port. SIGUSR1: from now on the good one.
"""
import signal
import socket
import sys
import threading

from certificates import Certificates


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(connection, context, upstream_port):
    try:
        inside = context.wrap_socket(connection, server_side=True)
    except OSError:  # a peer that does not like the certificate
        connection.close()
        return
    upstream = socket.create_connection(("127.0.0.1", upstream_port))
    threading.Thread(target=pump, args=(upstream, inside), daemon=True).start()
    pump(inside, upstream)


def main():
    folder, upstream_port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    certificates = Certificates(folder)
    contexts = [certificates.server(name)]
    signal.signal(signal.SIGUSR1, lambda *_: contexts.append(certificates.server("good")))
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, contexts[-1], upstream_port), daemon=True).start()


if __name__ == "__main__":
    main()
