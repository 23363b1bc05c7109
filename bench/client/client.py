"""The client of the benchmark: does one batch of work, and tells what it took in a line of JSON.

    client.py ORDER         an object of JSON; its "mode" is one of MODES, client.ts has the rest

Python's ssl module is a thin layer over OpenSSL: bytes are sent from and received into buffers that are made once.
TLS 1.3 suites cannot be chosen through it, so the driver names them in the file that OPENSSL_CONF points to.
What goes wrong with a connection is an answer that was lost: it is told by its reason, and has no time.
"""

import json
import sys

from carry import carry
from exchange import connections, echo
from hold import hold
from stall import stall
from starts import execute, startup
from telling import tell

MODES = {
    "connections": connections,
    "echo": echo,
    "carry": carry,
    "hold": hold,
    "stall": stall,
    "startup": startup,
    "execute": execute,
}

if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    tell(**MODES[order["mode"]](order))
