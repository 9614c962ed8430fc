"""Sends one of everything with the client of the PyPI package `datadog`, unchanged.

    datadog_client.py HOST PORT SOCKET
"""
import sys

from datadog.dogstatsd import DogStatsd


def send(client, way):
    tags = [f"way:{way}"]
    client.increment("py.count", 3, tags=tags)
    client.decrement("py.count", 1, tags=tags)
    client.gauge("py.gauge", 2.5, tags=tags)
    client.histogram("py.histogram", 7, tags=tags)
    client.timing("py.timing", 12, tags=tags)
    client.set("py.set", "ann", tags=tags)
    client.set("py.set", "bob", tags=tags)
    for value in range(1, 101):
        client.distribution("py.distribution", value, tags=tags)
    client.event("deployed", "line one\nline two", alert_type="success", tags=tags)
    client.service_check("py.check", client.WARNING, message="slow", tags=tags)
    client.flush()


def main():
    host, port, socket = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    options = {"disable_telemetry": True, "disable_background_sender": True}
    send(DogStatsd(host=host, port=port, **options), "udp")
    # A unix socket holds ten datagrams, and the client drops what finds no room: several metrics stand in one.
    send(DogStatsd(socket_path=socket, disable_buffering=False, **options), "unix")


if __name__ == "__main__":
    main()
