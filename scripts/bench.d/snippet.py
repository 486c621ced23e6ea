"""The wall time of the documentation's cluster snippet, run by the real SDK v1 in a process of its own each time."""

import json
import os
import subprocess
from pathlib import Path

from client import Client
from server import Scratch, Server, Trouble

SNIPPET = Path(__file__).with_name("cluster_snippet.py")
DEADLINE = 300


def measure(command, python, count, progress):
    if not python:
        raise Trouble("there is no environment for the SDK v1")
    samples = {"cluster_snippet_s": []}
    with Scratch() as folder, Server(command, folder / "data") as server:
        client = Client(server)
        client.make_workspace("snippet")
        home = folder / "home"
        home.mkdir()
        # The SDK keeps answers in the home folder; the user's stays out of it.
        variables = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8",
                     "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost", **client.variables}
        for number in range(count):
            progress(f"cluster snippet {number + 1}/{count}")
            done = subprocess.run(
                [python, str(SNIPPET), f"snippet-{number}c"], cwd=home, env=variables, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=DEADLINE)
            if done.returncode != 0:
                raise Trouble(f"the cluster snippet failed:\n{done.stdout[-500:]}{done.stderr[-2000:]}")
            steps = json.loads(done.stdout.strip().splitlines()[-1])
            samples["cluster_snippet_s"].append(steps.pop("all"))
            for step, seconds in steps.items():
                samples.setdefault(f"cluster_snippet_{step}_s", []).append(seconds)
    return samples
