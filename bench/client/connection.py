"""One connection to a server of the benchmark, over TLS or plain TCP."""

import resource
import signal
import socket
import ssl
from contextlib import contextmanager


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
        return None, str(error)


def until_hopeless(work, seconds, count):
    """So many attempts; but when many in a row are lost, those that would follow are lost untried."""
    tried = []
    while len(tried) < count:
        last = tried[-HOPELESS:]
        hopeless = len(last) == HOPELESS and all(why is not None for _, why in last)
        tried.append((None, f"not tried after {HOPELESS} lost in a row") if hopeless else attempt(work, seconds))
    return tried


def context_for(order):
    """None for plain TCP."""
    protocol = order["protocol"]
    if protocol is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, protocol.replace(".", "_"))
    if protocol == "TLSv1.2":
        context.set_ciphers(order["suite"])
    return context


def connect(order, context):
    """Connects; over TLS, what was agreed on must be what was ordered."""
    plain = socket.create_connection(("127.0.0.1", order["port"]))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if context is None:
        return plain
    peer = context.wrap_socket(plain, server_hostname="localhost")
    agreed = (peer.version(), peer.cipher()[0])
    if agreed != (order["protocol"], order["suite"]):
        raise Lost(f"agreed on {' '.join(agreed)}")
    if ssl.DER_cert_to_PEM_cert(peer.getpeercert(True)).split() != order["certificate"].split():
        raise Lost("another certificate")
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
    """CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


HOPELESS = 10
