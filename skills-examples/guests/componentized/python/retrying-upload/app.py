"""Sends a report to its server, and tries again if that fails."""

import encodings.idna  # create_connection imports it late, when nothing is there to be imported any more
import socket
import time

import wit_world

SERVER = ("203.0.113.20", 8080)
ATTEMPTS = 3


def send(data):
    with socket.create_connection(SERVER, timeout=5) as connection:
        connection.sendall(data)
        return connection.recv(64).decode("utf-8", "replace").strip()


class WitWorld(wit_world.WitWorld):
    def invoke(self, input: bytes) -> bytes:
        for attempt in range(ATTEMPTS):
            try:
                return f"sent: {send(input)}".encode()
            except OSError:
                time.sleep(2**attempt)
        return b"not sent: the server cannot be reached"
