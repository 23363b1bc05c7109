"""How long programs take to start. The clock begins before posix_spawn(3), which is in every one of these times."""

import os
import signal
import socket
import ssl
from time import perf_counter

from connection import Lost, attempt
from exchange import outcomes


def startup(order):
    """From exec to the first byte of the ServerHello. The ClientHello waits in the socket when the program is started."""
    client_hello = hello()

    def once():
        with socket.create_server(("127.0.0.1", 0)) as listener:
            peer = socket.create_connection(listener.getsockname())
            connection, _ = listener.accept()
        with peer, connection:
            peer.sendall(client_hello)
            began = perf_counter()
            pid = start(order["argv"], connection.fileno())
            try:
                connection.close()
                first = peer.recv(1)
                seconds = perf_counter() - began
                record = first + peer.recv(5, socket.MSG_WAITALL)
            finally:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            # A record of type handshake (RFC 8446 §5.1), and in it a server_hello (§4).
            if len(record) < 6 or (record[0], record[5]) != (22, 2):
                raise Lost("no ServerHello")
            return seconds

    return series(once, order)


def execute(order):
    """From exec to the exit of a program that needs nothing."""

    def once():
        began = perf_counter()
        _, status = os.waitpid(start(order["argv"]), 0)
        seconds = perf_counter() - began
        if status != 0:
            raise Lost(f"wait status {status}")
        return seconds

    return series(once, order)


def hello():
    sent = ssl.MemoryBIO()
    try:
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), sent, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass  # it has spoken, and waits for the answer
    return sent.read()


def start(argv, connection=None):
    places = [] if connection is None else [(os.POSIX_SPAWN_DUP2, connection, place) for place in (0, 1)]
    return os.posix_spawnp(argv[0], argv, os.environ, file_actions=places)


def series(once, order):
    for _ in range(order["warm_up"]):
        attempt(once, order["patience"])
    return outcomes([attempt(once, order["patience"]) for _ in range(order["count"])])
