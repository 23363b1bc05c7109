"""Many connections that are open at once."""

from contextlib import ExitStack
from time import perf_counter

from connection import attempt, await_end, await_fin, connect, context_for, end, receive, until_hopeless
from telling import await_driver


def hold(order):
    """Opens them one after the other, with a line there and back on each. When all are open, again a line on every one
    of them; the driver looks at the server then. At last all of them end."""
    context = context_for(order)
    request, answer = order["request"].encode(), order["answer"].encode()
    patience = order["patience"]

    def ask(peer):
        peer.sendall(request)
        receive(peer, answer)

    def leave(peer):
        end(peer)
        (await_end if context is None else await_fin)(peer)

    with ExitStack() as opened:

        def enter():
            peer = opened.enter_context(connect(order, context))
            ask(peer)
            return peer

        began = perf_counter()
        tried = until_hopeless(enter, patience, order["count"])
        seconds = perf_counter() - began
        peers = [peer for peer, why in tried if why is None]
        asked = [attempt(lambda peer=peer: ask(peer), patience) for peer in peers]
        await_driver("held")
        left = [attempt(lambda peer=peer: leave(peer), patience) for peer in peers]
    lost = [why for _, why in (*tried, *asked, *left) if why is not None]
    return {"open": sum(why is None for _, why in asked), "seconds": seconds, "lost": lost}
