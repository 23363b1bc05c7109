"""Receives datagrams at the address in argv, and prints each, with the pid of its sender, as a line of JSON, until its stdin ends.

`full` after the address: fills its own queue instead, and reads nothing.
"""

import json
import os
import select
import socket
import struct
import sys

address = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind("\0" + address[1:] if address.startswith("@") else address)
full = sys.argv[2:] == ["full"]
if full:
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.setblocking(False)
    try:
        while True:
            sender.sendto(b"full", receiver.getsockname())
    except BlockingIOError:
        pass
print(json.dumps({"receives": address}), flush=True)
while True:
    ready, _, _ = select.select([sys.stdin] if full else [sys.stdin, receiver], [], [])
    if sys.stdin in ready:
        break
    data, ancillary, _, _ = receiver.recvmsg(4096, 1024)
    pid = 0
    for _, kind, value in ancillary:
        if kind == socket.SCM_CREDENTIALS:
            pid = struct.unpack("iii", value)[0]
        elif kind == socket.SCM_RIGHTS:
            for fd in struct.unpack(f"{len(value) // 4}i", value):
                os.close(fd)
    # The barrier is how systemd-notify waits until all before it has been read: until its descriptor is closed.
    message = {"barrier": pid} if data == b"BARRIER=1" else {"message": [data.decode(), pid]}
    print(json.dumps(message), flush=True)
