"""From a job's submission to its first line, on a warm and on a cold node, beside `docker run` of the same image and program."""

import subprocess
import time
import uuid
from pathlib import Path

from client import CLUSTER, VERSION, Client
from server import Scratch, Server, Trouble

# It prints when it printed, so that the way of the line to the reader can be told from the job's start.
PROGRAM = "import time; print(time.time(), flush=True)"
LOOK_AGAIN = 0.001
# What the last round left behind is done with, and the machine at rest.
SETTLE = 0.4
DEADLINE = 120


def measure(command, image, count, progress):
    """Each round: docker run, a job on a cold node, docker run, a job on the node that is warm by now."""
    if not image:
        raise Trouble("there is no Docker engine")
    with Scratch() as folder, Server(command, folder / "data", "--malachite.runtime=docker") as server:
        try:
            bench = Bench(server, image)
            progress("jobs: a first one, which is not counted")
            bench.scale_to_zero()
            _docker_run(image)
            bench.first_job()
            samples = {}
            for number in range(count):
                progress(f"jobs {number + 1}/{count}")
                for kind, prepare in (("cold", bench.scale_to_zero), ("warm", bench.idle)):
                    prepare()
                    time.sleep(SETTLE)
                    samples.setdefault("docker_run_ms", []).append(_docker_run(image))
                    time.sleep(SETTLE)
                    for name, value in bench.job().items():
                        samples.setdefault(f"{kind}_job_{name}ms", []).append(value)
            bench.idle()
            server.control("reset", "POST")
            bench.wait(lambda: not server.control("overview")["targets"], "its clusters to go")
            return samples
        finally:
            clean(server.data)


class Bench:
    """A workspace, a cluster of at most one node, and a snapshot to submit again and again."""

    def __init__(self, server, image):
        self.server = server
        self.client = Client(server)
        self.workspace = self.client.make_workspace("jobs")
        self.client("PUT", f"{self.workspace}/computes/cpu-cluster{VERSION}", CLUSTER)
        snapshot = self.client.make_snapshot(self.workspace, "line.py", PROGRAM + "\n")
        (known,) = server.control("overview")["workspaces"]
        self.logs = f"workspaces/{known['id']}/runs/"
        self.body = {"SnapshotId": snapshot, "Configuration": {
            "script": "line.py", "arguments": [], "framework": "Python", "communicator": "None", "nodeCount": 1,
            "target": "cpu-cluster", "environment": {
                "docker": {"baseImage": image},
                "python": {"userManagedDependencies": True, "interpreterPath": "python3"}}}}

    def first_job(self):
        """Shows where the server keeps what a run printed: a run's file is named after the run."""
        run = _name()
        self._submit(run)
        self.wait(lambda: self._log(run), f"run {run} to print", run)
        found = [path for path in self.server.data.rglob("std_log.txt*") if run in str(path)]
        if len(found) != 1:
            raise Trouble(f"the log of {run} is not below {self.server.data}: {found}")
        self.file = str(found[0]).replace(run, "{run}")

    def job(self):
        """
        Milliseconds from sending the submission: until it was accepted, until the job printed, until the line was read;
        and from its being accepted until the line was read.

        The line is read through the API. But asking again and again would take the time of the engine that is being
        measured, which `docker run` has for itself; so we ask as soon as the server's file has grown.
        """
        run = _name()
        file = Path(self.file.format(run=run))
        wall, begin = time.time(), time.perf_counter()
        self._submit(run)
        accepted = time.perf_counter()
        self.wait(lambda: file.exists() and file.stat().st_size, f"run {run} to print", run, LOOK_AGAIN)
        log = ""
        while "\n" not in log:
            log = self._log(run)
        seen = time.perf_counter()
        return {"": (seen - begin) * 1000, "accepted_": (accepted - begin) * 1000,
                "printed_": (_printed(log) - wall) * 1000, "started_": (seen - accepted) * 1000}

    def _submit(self, run):
        self.client("POST", f"/execution/v1.0{self.workspace}/experiments/bench/snapshotrun?runId={run}", self.body)

    def _log(self, run):
        return self.server.control(f"{self.logs}{run}/log")

    def idle(self):
        """Waits until the node's next container waits for a job."""
        self.wait(lambda: [node for node in self.nodes() if node["state"] == "idle" and node["ready"]], "an idle node")

    def scale_to_zero(self):
        if self.nodes():
            self.idle()
            self.server.control("clock/advance", "POST", {"by": "PT2M1S"})
        self.wait(lambda: not self.nodes(), "the node to leave")

    def nodes(self):
        (target,) = self.server.control("overview")["targets"]
        return target["nodes"]

    def wait(self, condition, what, run="", pause=0.05):
        end = time.perf_counter() + DEADLINE
        while not condition():
            if time.perf_counter() > end:
                why = f": {self.server.control(f'jobs/{run}/explain')['why']}" if run else ""
                raise Trouble(f"waited {DEADLINE} s for {what}{why}")
            time.sleep(pause)


def _name():
    return "bench_" + uuid.uuid4().hex[:8]


def _printed(log):
    try:
        return float(log.splitlines()[0])
    except ValueError:
        raise Trouble(f"the job failed: {log}") from None


def _docker_run(image):
    """Milliseconds from the start of the command to its first line."""
    begin = time.perf_counter()
    with subprocess.Popen(["docker", "run", "--rm", image, "python3", "-c", PROGRAM], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        seen = time.perf_counter()
    if process.returncode != 0 or not line:
        raise Trouble(f"docker run {image} failed")
    return (seen - begin) * 1000


def clean(data):
    """The data folder is thrown away, so nobody else would ever remove what its server has on the engine."""
    if not (data / "instance-id").exists():
        return
    label = "label=malachite.instance=" + (data / "instance-id").read_text().strip()
    for find, remove in ((["ps", "-aq"], ["rm", "-f", "-v"]), (["network", "ls", "-q"], ["network", "rm"])):
        found = subprocess.run(["docker", *find, "--filter", label], capture_output=True, text=True).stdout.split()
        if found:
            subprocess.run(["docker", *remove, *found], stdout=subprocess.DEVNULL)
