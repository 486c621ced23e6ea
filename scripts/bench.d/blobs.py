"""Uploads and downloads with Azure's clients for Python, to this server and to an Azurite beside it, in turns."""

import json
import os
import socket
import subprocess
import time
from pathlib import Path

from server import Scratch, Server, Trouble, free_ports

CLIENT = Path(__file__).with_name("blob_client.py")
MIB = 1024 * 1024
# Beside a blob of 1 GiB: 2 000 files of 300 MB together.
FILES_PER_GIB = 2000
TREE_PER_GIB = 300_000_000
DEADLINE = 1800
START_SECONDS = 60
# Azurite's account for everybody, from its documentation.
AZURITE_ACCOUNT = "devstoreaccount1"
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Azurite:
    """A context: inside of it Azurite serves blobs over https, with the same certificate as the server beside it."""

    def __init__(self, command, folder, certificate, key):
        (self.port,) = free_ports(1)
        self._log = folder / "azurite.log"
        self._command = [
            command, "--blobHost", "127.0.0.1", "--blobPort", str(self.port), "--location", str(folder / "azurite"),
            "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--cert", str(certificate), "--key", str(key)]
        self._process = None

    def __enter__(self):
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + START_SECONDS
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise Trouble("Azurite did not get ready:\n" + self._log.read_text(errors="replace")[-1000:])
            time.sleep(0.05)
        return self

    def __exit__(self, *failure):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False


def measure(command, python, azurite, mib, count, progress):
    """Of a blob of so many MiB, and of a snapshot in proportion to it."""
    size = {"large": mib * MIB, "files": max(1, FILES_PER_GIB * mib // 1024), "tree": TREE_PER_GIB * mib // 1024}
    if not python:
        raise Trouble("there is no environment for the SDK v2")
    if not azurite:
        raise Trouble("there is no Azurite: it needs node and npm")
    # Each round moves five times the blob.
    rounds = min(count, 3)
    with Scratch() as folder, Server(command, folder / "data") as server:
        tls = folder / "data" / "tls"
        with Azurite(azurite, folder, tls / "server.pem", tls / "server-key.pem") as other:
            progress(f"blobs beside Azurite, {rounds} rounds")
            seconds = _run(python, folder, tls / "ca.pem", {**size, "rounds": rounds}, {
                "ours": {"url": f"https://127.0.0.1:{server.https_port}/malachite", "name": "malachite",
                         "key": (folder / "data" / "account.key").read_text().strip()},
                "azurite": {"url": f"https://127.0.0.1:{other.port}/{AZURITE_ACCOUNT}", "name": AZURITE_ACCOUNT,
                            "key": AZURITE_KEY}})
    samples = {}
    for step in ("put", "get", "snapshot"):
        kind = step if step == "snapshot" else f"blob_{step}"
        for who in ("ours", "azurite"):
            suffix = "" if who == "ours" else "_azurite"
            samples[f"{kind}_s{suffix}"] = [took for took, _ in seconds[who][step]]
        # Most of its work the client does one thing after the other: no server makes it take less.
        samples[f"{kind}_client_s"] = [busy for _, busy in seconds["ours"][step]]
    for step in ("put", "get"):
        samples[f"blob_{step}_mb_per_s"] = [size["large"] / 1e6 / each for each in samples[f"blob_{step}_s"]]
    samples["snapshot_mb_per_s"] = [size["tree"] / 1e6 / each for each in samples["snapshot_s"]]
    return samples


def _run(python, folder, authority, amounts, accounts):
    home = folder / "home"
    home.mkdir()
    variables = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "NO_PROXY": "127.0.0.1",
                 "no_proxy": "127.0.0.1", "REQUESTS_CA_BUNDLE": str(authority), "AZURE_CORE_COLLECT_TELEMETRY": "no"}
    task = {"scratch": str(folder), "accounts": accounts, **amounts}
    done = subprocess.run(
        [python, str(CLIENT)], cwd=home, env=variables, input=json.dumps(task), capture_output=True, text=True,
        timeout=DEADLINE)
    if done.returncode != 0:
        raise Trouble(f"the uploads failed:\n{done.stdout[-500:]}{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
