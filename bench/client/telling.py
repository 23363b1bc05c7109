"""What the driver is told: lines of JSON on stdout."""

import json


def tell(**facts):
    print(json.dumps(facts), flush=True)
