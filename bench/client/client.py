"""The client of the benchmark: does one batch of work against one server, and tells what it took as lines of JSON.

    client.py ORDER         ORDER is an object of JSON; its "mode" is one of the functions at the end

Python's ssl module is a thin layer over OpenSSL: data is sent from and received into buffers that are made once.
TLS 1.3 suites cannot be chosen through it, so the driver names them in the file that OPENSSL_CONF points to.
What goes wrong with a connection is an answer that was lost: it is told by its reason, and has no time.
"""

import json
import multiprocessing
import os
import resource
import signal
import socket
import ssl
import sys
from contextlib import contextmanager
from time import perf_counter, sleep

MIB = 2**20


class Lost(Exception):
    """The answer was wrong, was cut short, or did not end."""


@contextmanager
def within(seconds):
    """Bounds everything in it. An alarm costs nothing on the way, where socket timeouts are a poll(2) for each call."""

    def ring(*_):
        raise Lost(f"not done within {seconds} s")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def attempt(work, seconds):
    """What work() returns and None, or None and why there is no answer."""
    try:
        with within(seconds):
            return work(), None
    except (OSError, Lost) as error:
        return None, f"{type(error).__name__}: {error}" if isinstance(error, OSError) else str(error)


def context_for(order):
    """None for plain TCP."""
    protocol = order.get("protocol")
    if protocol is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, protocol.replace(".", "_"))
    if protocol == "TLSv1.2":
        context.set_ciphers(order["cipher"])
    return context


def connect(order, context):
    plain = socket.create_connection(("127.0.0.1", order["port"]))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if context is None:
        return plain
    peer = context.wrap_socket(plain, server_hostname="localhost")
    negotiated = (peer.version(), peer.cipher()[0], ssl.DER_cert_to_PEM_cert(peer.getpeercert(True)).split())
    if negotiated != (order["protocol"], order["cipher"], order["certificate"].split()):
        raise Lost(f"negotiated {negotiated[0]} {negotiated[1]}, or another certificate")
    return peer


def receive(peer, expected):
    """Exactly these bytes."""
    received = b""
    while len(received) < len(expected):
        part = peer.recv(len(expected) - len(received))
        if part == b"":
            raise Lost(f"the answer ended after {len(received)} of {len(expected)} bytes")
        received += part
    if received != expected:
        raise Lost("wrong answer")


def end(peer):
    """We end, as a polite client does: close_notify where there is TLS, and FIN."""
    if isinstance(peer, ssl.SSLSocket):
        peer.setblocking(False)
        try:
            peer.unwrap()
        except ssl.SSLWantReadError:
            pass  # sent; the other one's is not there yet
        peer.setblocking(True)
    peer.shutdown(socket.SHUT_WR)


def await_end(peer):
    """The server ends, and says nothing more before."""
    if (rest := peer.recv(4096)) != b"":
        raise Lost(f"at least {len(rest)} bytes more than asked for")


def await_fin(peer):
    """The same after end(), when what is left of TLS (tickets, close_notify) is not taken apart any more."""
    while peer.recv(4096) != b"":
        pass


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def tell(**facts):
    print(json.dumps(facts), flush=True)


def connections(order):
    """Whole connections: connect, handshake, a line there and back, we end, the server ends."""
    share, left_over = divmod(order["count"], order["at_a_time"])
    assert left_over == 0
    if order["at_a_time"] == 1:
        batches = [batch_of_connections(order, share)]
    else:
        with multiprocessing.get_context("fork").Pool(order["at_a_time"]) as pool:
            batches = pool.starmap(batch_of_connections, [(order, share)] * order["at_a_time"], chunksize=1)
    began = min(batch["began"] for batch in batches)
    ended = max(batch["ended"] for batch in batches)
    tell(
        milliseconds=[each for batch in batches for each in batch["milliseconds"]],
        lost=[each for batch in batches for each in batch["lost"]],
        seconds=ended - began,
        client_cpu=sum(batch["cpu"] for batch in batches),
    )


def batch_of_connections(order, count):
    context = context_for(order)
    request, answer = order["request"].encode(), order["answer"].encode()

    def once():
        began = perf_counter()
        with connect(order, context) as peer:
            peer.sendall(request)
            receive(peer, answer)
            end(peer)
            (await_end if context is None else await_fin)(peer)
            return perf_counter() - began

    for _ in range(order["warm_up"]):
        attempt(once, order["patience"])
    milliseconds, lost = [], []
    began, cpu_before = perf_counter(), cpu()
    for _ in range(count):
        took, why = attempt(once, order["patience"])
        if why is None:
            milliseconds.append(took * 1e3)
        else:
            lost.append(why)
    return {
        "milliseconds": milliseconds,
        "lost": lost,
        "began": began,
        "ended": perf_counter(),
        "cpu": cpu() - cpu_before,
    }


def echo(order):
    """Round trips of one small message over one connection."""
    request, answer = order["request"].encode(), order["answer"].encode()

    def talk():
        microseconds = []
        with connect(order, context_for(order)) as peer:
            for trip in range(order["warm_up"] + order["count"]):
                began = perf_counter()
                peer.sendall(request)
                receive(peer, answer)
                if trip >= order["warm_up"]:
                    microseconds.append((perf_counter() - began) * 1e6)
        return microseconds

    microseconds, why = attempt(talk, order["patience"])
    tell(microseconds=microseconds or [], lost=[] if why is None else [why])


def carry(order):
    """One connection that carries many bytes one way. Waits for the driver's word, a line, before and after them."""

    def all_of_it():
        with connect(order, context_for(order)) as peer:
            receive(peer, order["greeting"].encode())
            yield_to_driver("ready")
            began, cpu_before = perf_counter(), cpu()
            peer.sendall(order["request"].encode())
            sleep(order["stall"])
            DIRECTIONS[order["direction"]](peer, order)
            seconds = perf_counter() - began
            share = (cpu() - cpu_before) / seconds
            yield_to_driver("carried")
            peer.sendall(order["farewell"].encode())
            await_end(peer)
            return {"seconds": seconds, "client_cpu": share}

    result, why = attempt(all_of_it, order["patience"])
    tell(**(result or {"lost": why}))


def yield_to_driver(state):
    tell(state=state)
    if sys.stdin.readline() == "":
        sys.exit("the driver has gone")


def carry_down(peer, order):
    buffer = memoryview(bytearray(MIB))
    left = order["bytes"]
    while left > 0:
        got = peer.recv_into(buffer, min(left, MIB))
        if got == 0:
            raise Lost(f"the answer ended {left} bytes early")
        left -= got


def carry_up(peer, order):
    chunk = memoryview(bytes(MIB))
    left = order["bytes"]
    while left > 0:
        peer.sendall(chunk[: min(left, MIB)])
        left -= min(left, MIB)
    receive(peer, f"{order['bytes']}\n".encode())


DIRECTIONS = {"down": carry_down, "up": carry_up}


def startup(order):
    """From exec to the first byte of the ServerHello. The ClientHello waits in the socket when the program is started."""
    hello = ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    waiting = context.wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost")
    try:
        waiting.do_handshake()
    except ssl.SSLWantReadError:
        pass
    client_hello = hello.read()

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
                took = perf_counter() - began
                record = first + peer.recv(5, socket.MSG_WAITALL)
            finally:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            # A record of type handshake (RFC 8446 §5.1), and in it a server_hello (§4).
            if len(record) < 6 or (record[0], record[5]) != (22, 2):
                raise Lost("no ServerHello")
            return took

    tell(**series(once, order))


def execute(order):
    """From exec to the exit of a program that needs nothing."""

    def once():
        began = perf_counter()
        _, status = os.waitpid(start(order["argv"]), 0)
        took = perf_counter() - began
        if status != 0:
            raise Lost(f"wait status {status}")
        return took

    tell(**series(once, order))


def start(argv, connection=None):
    actions = [(os.POSIX_SPAWN_DUP2, connection, 0), (os.POSIX_SPAWN_DUP2, connection, 1)] if connection else []
    return os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)


def series(once, order):
    for _ in range(order["warm_up"]):
        attempt(once, order["patience"])
    tried = [attempt(once, order["patience"]) for _ in range(order["count"])]
    return {
        "milliseconds": [took * 1e3 for took, why in tried if why is None],
        "lost": [why for _, why in tried if why is not None],
    }


MODES = {"connections": connections, "echo": echo, "carry": carry, "startup": startup, "execute": execute}

if __name__ == "__main__":
    ordered = json.loads(sys.argv[1])
    MODES[ordered["mode"]](ordered)
