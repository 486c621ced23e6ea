"""Sent along with a job's script: processes that find each other by what the service tells them, and add up numbers over sockets.

It stands for torch.distributed and its like: the first process listens, the others come to it, and all get the sum. Only the
standard library is needed, so that it runs in every image.
"""

import json
import os
import socket
import struct
import time

PATIENCE = 60


def place():
    """The process's rank, how many there are, and where they meet; each distribution says it in its own variables."""
    e = os.environ
    if "OMPI_COMM_WORLD_RANK" in e:
        host, port = e["AZ_BATCH_MASTER_NODE"].split(":")
        return int(e["OMPI_COMM_WORLD_RANK"]), int(e["OMPI_COMM_WORLD_SIZE"]), host, int(port)
    if "TF_CONFIG" in e:
        config = json.loads(e["TF_CONFIG"])
        host, port = config["cluster"]["worker"][0].split(":")
        return config["task"]["index"], len(config["cluster"]["worker"]), host, int(port)
    return int(e["RANK"]), int(e["WORLD_SIZE"]), e["MASTER_ADDR"], int(e["MASTER_PORT"])


def all_reduce(number):
    """The sum of the numbers of all processes, in each of them."""
    rank, size, host, port = place()
    if rank == 0:
        return _gather(number, size, port)
    with connected(host, port) as line:
        line.sendall(struct.pack("!q", number))
        return _read(line)


def _gather(number, size, port):
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("", port))
        door.listen(size)
        door.settimeout(PATIENCE)
        lines = [door.accept()[0] for _ in range(size - 1)]
    for line in lines:
        line.settimeout(PATIENCE)
        number += _read(line)
    for line in lines:
        line.sendall(struct.pack("!q", number))
        line.close()
    return number


def connected(host, port):
    """The first process may begin last: its name may not even be known yet."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection((host, port), timeout=PATIENCE)
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)


def _read(line):
    data = b""
    while len(data) < 8:
        more = line.recv(8 - len(data))
        if not more:
            raise SystemExit("the other end has gone")
        data += more
    return struct.unpack("!q", data)[0]
