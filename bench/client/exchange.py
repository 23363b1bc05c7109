"""A line there and back: in a connection of its own, or many times in one."""

import multiprocessing
from time import perf_counter

from connection import attempt, await_end, await_fin, connect, context_for, cpu, end, receive, until_hopeless


def connections(order):
    """Whole connections: connect, handshake, a line there and back, we end, the server ends."""
    share, left_over = divmod(order["count"], order["at_a_time"])
    if left_over != 0:
        raise ValueError("count must be a multiple of at_a_time")
    batch_of_connections(order, order["warm_up"])
    if order["at_a_time"] == 1:
        batches = [batch_of_connections(order, share)]
    else:
        with multiprocessing.get_context("fork").Pool(order["at_a_time"]) as pool:
            batches = pool.starmap(batch_of_connections, [(order, share)] * order["at_a_time"], chunksize=1)
    return {
        "milliseconds": [each for batch in batches for each in batch["milliseconds"]],
        "lost": [each for batch in batches for each in batch["lost"]],
        "seconds": max(batch["ended"] for batch in batches) - min(batch["began"] for batch in batches),
        "client_cpu": sum(batch["cpu"] for batch in batches),
    }


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

    began, cpu_before = perf_counter(), cpu()
    tried = until_hopeless(once, order["patience"], count)
    return {**outcomes(tried), "began": began, "ended": perf_counter(), "cpu": cpu() - cpu_before}


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
    return {"microseconds": microseconds or [], "lost": [] if why is None else [why]}


def outcomes(tried):
    """Of attempts that return seconds."""
    return {
        "milliseconds": [seconds * 1e3 for seconds, why in tried if why is None],
        "lost": [why for _, why in tried if why is not None],
    }
