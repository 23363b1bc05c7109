"""Many bytes one way over one connection."""

from time import perf_counter, sleep

from connection import Lost, attempt, await_end, connect, context_for, cpu, receive
from telling import await_driver

MIB = 2**20


def carry(order):
    """Waits for the driver's word before and after the bytes: it looks at the processes then."""

    def all_of_it():
        with connect(order, context_for(order)) as peer:
            receive(peer, order["greeting"].encode())
            await_driver("ready")
            began, cpu_before = perf_counter(), cpu()
            peer.sendall(order["request"].encode())
            sleep(order["stall"])
            DIRECTIONS[order["direction"]](peer, order["bytes"])
            seconds = perf_counter() - began
            client_cpu = (cpu() - cpu_before) / seconds
            await_driver("carried")
            peer.sendall(order["farewell"].encode())
            await_end(peer)
            return {"seconds": seconds, "client_cpu": client_cpu}

    result, why = attempt(all_of_it, order["patience"])
    return result if why is None else {"lost": why}


def down(peer, left):
    buffer = memoryview(bytearray(MIB))
    while left > 0:
        got = peer.recv_into(buffer, min(left, MIB))
        if got == 0:
            raise Lost(f"the answer ended {left} bytes early")
        left -= got


def up(peer, count):
    chunk = memoryview(bytes(MIB))
    left = count
    while left > 0:
        part = min(left, MIB)
        peer.sendall(chunk[:part])
        left -= part
    receive(peer, f"{count}\n".encode())


DIRECTIONS = {"down": down, "up": up}
