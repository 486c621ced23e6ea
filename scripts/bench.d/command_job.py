"""A command job through the real SDK v2, submitted and streamed to its end, and which part of its time is ours."""

import json
import os
import subprocess
from pathlib import Path

from client import Client
from server import Scratch, Server, Trouble

SNIPPET = Path(__file__).with_name("command_snippet.py")
DEADLINE = 300


def measure(command, python, count, progress):
    """Ours is what its client waits for until the job is accepted, and the job's life from there on; the rest is the client's."""
    if not python:
        raise Trouble("there is no environment for the SDK v2")
    with Scratch() as folder, Server(command, folder / "data", "--malachite.runtime=process") as server:
        client = Client(server)
        client.make_workspace("command")
        (folder / "home").mkdir()
        (folder / "code").mkdir()
        (folder / "code" / "train.py").write_text("print('done')\n")
        variables = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LANG": "C.UTF-8",
                     "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost",
                     "AZURE_CORE_COLLECT_TELEMETRY": "no", **client.variables}
        progress(f"command job, {count} times")
        done = subprocess.run(
            [python, str(SNIPPET), str(folder / "code"), str(count)], cwd=folder / "home", env=variables,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
        if done.returncode != 0:
            raise Trouble(f"the command job failed:\n{done.stdout[-500:]}{done.stderr[-2000:]}")
        every = json.loads(done.stdout.strip().splitlines()[-1])
    return {
        "command_job_s": [each["all"] for each in every],
        "command_job_ours_s": [each["waited"] + each["run"] for each in every],
        "command_job_accept_s": [each["waited"] for each in every],
        "command_job_run_s": [each["run"] for each in every],
        "command_job_polls_s": [each["polled"] for each in every]}
