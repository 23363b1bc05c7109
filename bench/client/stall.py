"""Handshakes that do not get done, as of a slowloris attack."""

import selectors
import socket
from contextlib import suppress
from time import perf_counter

from starts import hello
from telling import await_word, tell


def stall(order):
    """Some say half of a ClientHello and no more, others a byte of it every second. Who is cut notes when, since it
    connected. The driver is told when all are there, and may do as it likes with the server meanwhile."""
    client_hello = hello()
    watched = selectors.DefaultSelector()
    stalled = [
        *(Stalled(order["port"], client_hello[: len(client_hello) // 2]) for _ in range(order["silent"])),
        *(Stalled(order["port"], client_hello[:1], client_hello[1:]) for _ in range(order["trickling"])),
    ]
    for each in stalled:
        watched.register(each.connection, selectors.EVENT_READ, each)
    tell(state="stalled")
    next_byte = perf_counter() + 1
    deadline = perf_counter() + order["patience"]
    while watched.get_map() and (now := perf_counter()) < deadline:
        for key, _ in watched.select(max(0, min(next_byte, deadline) - now)):
            if key.data.is_cut():
                watched.unregister(key.fileobj)
        if perf_counter() >= next_byte:
            next_byte += 1
            for key in watched.get_map().values():
                key.data.trickle()
    # Until then those that are left stay, for the server to bear.
    await_word()
    return {
        "silent": [each.cut for each in stalled if each.cut is not None and each.rest is None],
        "trickling": [each.cut for each in stalled if each.cut is not None and each.rest is not None],
    }


class Stalled:
    """A client that does not get on. It has no `rest` if it says nothing more, and no `cut` while it is connected."""

    def __init__(self, port, first, rest=None):
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.began = perf_counter()
        self.rest = rest
        self.cut = None
        self.connection.sendall(first)

    def is_cut(self):
        try:
            if self.connection.recv(4096) != b"":
                return False  # an alert, before the end
        except ConnectionResetError:
            pass
        self.cut = perf_counter() - self.began
        self.connection.close()
        return True

    def trickle(self):
        if self.rest:
            with suppress(OSError):  # it has been cut, which is about to be read
                self.connection.sendall(self.rest[:1])
            self.rest = self.rest[1:]
