"""One server for measurements: started by the launcher's own command line on a folder that is thrown away, stopped by its id."""

import http.client
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_SECONDS = 120
STOP_SECONDS = 60
LOOK_AGAIN = 0.005


class Trouble(Exception):
    """Something that keeps a figure from being measured; the message is for the user."""


def free_ports(count):
    """Ports that nobody listens on. They are taken together, so that no two are the same."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class Server:
    """A context: inside of it the server is ready."""

    def __init__(self, command, data, *options):
        self.https_port, self.http_port = free_ports(2)
        self.data = Path(data)
        self._log = self.data.parent / (self.data.name + ".log")
        self._command = [
            *command, f"--malachite.data={self.data}", f"--malachite.https-port={self.https_port}",
            f"--malachite.http-port={self.http_port}", *options]
        self._process = None
        self.ready_seconds = 0.0

    def __enter__(self):
        with open(self._log, "ab") as log:
            begin = time.perf_counter()
            # A session of its own, so that a Ctrl-C at the bench leaves the server to the bench.
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            while not self._healthy():
                if self._process.poll() is not None or time.perf_counter() - begin > START_SECONDS:
                    raise Trouble("the server did not get ready:\n" + self._tail())
                time.sleep(LOOK_AGAIN)
        except BaseException:
            self.__exit__()
            raise
        self.ready_seconds = time.perf_counter() - begin
        return self

    def __exit__(self, *failure):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self):
        return self._process.pid

    def resident_mib(self):
        """What the process holds in memory."""
        kib = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self._process.pid)], capture_output=True, text=True, check=True).stdout
        return int(kib) / 1024

    def control(self, path, method="GET", body=None):
        """Asks the control API, which answers on the plain port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=60)
        try:
            connection.request(
                method, "/_emulator/" + path, None if body is None else json.dumps(body),
                {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Trouble(f"{method} /_emulator/{path} answered {answer.status}: {text}")
        return json.loads(text) if answer.headers.get_content_subtype() == "json" else text

    def _healthy(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", "/_emulator/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _tail(self):
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])


class Scratch:
    """A context: a folder for data, gone afterwards."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="malachite-bench-"))
        return self.path

    def __exit__(self, *failure):
        shutil.rmtree(self.path, ignore_errors=True)
