"""How many compute targets a second are created, each acknowledged only when it is on disk, and how long one takes among many."""

import json
import threading
import time

from client import CLUSTER, VERSION, Client
from server import Scratch, Server, Trouble

SECONDS = 2.0
MANY = 16
CROWD = 50
# Each of the crowd waits so long between two PUTs that it does not measure its own queue: 50 clients, not one loop of 50.
PAUSE = 0.1


def measure(command, count, progress):
    samples = {"durable_puts_per_s_by_one": [], "durable_puts_per_s": [], "put_p50_ms": [], "put_p99_ms": []}
    with Scratch() as folder, Server(command, folder / "data") as server:
        client = Client(server)
        # As the service, a region takes 500 computes of its own accord.
        server.control("quota", "PUT", {
            "subscription": client.subscription, "family": "computes", "limit": 1_000_000})
        _window(client, "warm-up", MANY)
        for number in range(count):
            progress(f"durable PUTs {number + 1}/{count}")
            samples["durable_puts_per_s_by_one"].append(_window(client, f"one-{number}", 1))
            samples["durable_puts_per_s"].append(_window(client, f"many-{number}", MANY))
            times = _times(client, f"crowd-{number}", CROWD)
            samples["put_p50_ms"].append(times[len(times) // 2] * 1000)
            samples["put_p99_ms"].append(times[len(times) * 99 // 100] * 1000)
    return samples


def _window(client, name, writers):
    """Creates targets in a fresh workspace for a while; the rate of what was acknowledged."""
    threads, took = _run(client, name, writers, 0)
    return sum(len(thread.times) for thread in threads) / took


def _times(client, name, writers):
    """Seconds that each PUT took, sorted."""
    threads, _ = _run(client, name, writers, PAUSE)
    return sorted(taken for thread in threads for taken in thread.times)


def _run(client, name, writers, pause):
    workspace = client.make_workspace(name)
    gate = threading.Barrier(writers + 1)
    threads = [_Writer(client, workspace, f"w{number}", gate, pause * number / writers, pause) for number in range(writers)]
    for thread in threads:
        thread.start()
    gate.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    for thread in threads:
        if thread.failure:
            raise Trouble(f"PUTs failed: {thread.failure}")
    return threads, took


class _Writer(threading.Thread):
    """Writes requests to a connection of its own, and of an answer reads only what it must: it shares the cores with the server."""

    def __init__(self, client, workspace, name, gate, first, pause):
        super().__init__(name=name, daemon=True)
        self.times = []
        self._first, self._pause = first, pause
        self.failure = None
        self._gate = gate
        self._body = json.dumps(CLUSTER).encode()
        self._path = f"{workspace}/computes/{name}-"
        self._head = (
            f"{VERSION} HTTP/1.1\r\nHost: {client.address.netloc}\r\nAuthorization: Bearer {client.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(self._body)}\r\n\r\n").encode()
        self._connection = client.connect()
        self._answers = None

    def run(self):
        try:
            self._connect()
            self._gate.wait()
            end = time.perf_counter() + SECONDS
            time.sleep(self._first)
            while time.perf_counter() < end:
                # Names end in a letter, which all api-versions accept.
                began = time.perf_counter()
                self._connection.sock.sendall(f"PUT {self._path}{len(self.times)}c".encode() + self._head + self._body)
                stays = _read(self._answers)
                self.times.append(time.perf_counter() - began)
                if not stays:
                    self._close()
                    self._connect()
                if self._pause:
                    time.sleep(self._pause)
        except (OSError, Trouble, threading.BrokenBarrierError) as failure:
            self.failure = failure
            self._gate.abort()
        finally:
            self._close()

    def _connect(self):
        self._connection.connect()
        self._answers = self._connection.sock.makefile("rb")

    def _close(self):
        if self._answers:
            self._answers.close()
        self._connection.close()


def _read(answers):
    """Whether the connection stays open; servers end it after some number of requests."""
    status = answers.readline()
    length, chunked, stays = 0, False, True
    while True:
        line = answers.readline().lower()
        if line.startswith(b"content-length:"):
            length = int(line[15:])
        elif line.startswith(b"transfer-encoding:"):
            chunked = True
        elif line.startswith(b"connection:"):
            stays = b"close" not in line
        if line in (b"\r\n", b""):
            break
    body = answers.read(length)
    while chunked:
        size = int(answers.readline(), 16)
        body += answers.read(size)
        answers.readline()
        chunked = size > 0
    if not status.startswith(b"HTTP/1.1 20"):
        raise Trouble(f"{status.decode().strip()} {body.decode(errors='replace')[:300]}")
    return stays
