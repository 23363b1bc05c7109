"""What the driver is told: lines of JSON on stdout. Sometimes it has to answer with a line before we go on."""

import json
import sys


def tell(**facts):
    print(json.dumps(facts), flush=True)


def await_driver(state):
    """The driver looks at the server's processes in this state."""
    tell(state=state)
    await_word()


def await_word():
    if sys.stdin.readline() == "":
        sys.exit("client.py: the driver has gone")
