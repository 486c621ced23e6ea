"""
A hundred thousand jobs on a thousand simulated nodes, with the store on disk: how fast they are drained, what a job costs
however many there are, and what it costs that they wait.

Jobs are submitted over HTTP before the clock is looked at. A drain begins with raising the clusters' maximum and ends when
the last job has ended; the emulator's clock stands still but for the turns that the drain asks for. The server is started as
'malachite up --optimize' starts it, which is for this.
"""

import http.client
import json
import os
import subprocess
import threading
import time

from client import CLUSTER, VERSION, Client
from server import Scratch, Server, Trouble

# A cluster has at most 100 nodes, as in the service's default quota; so a thousand are ten clusters.
NODES = 100
CLUSTERS = 10
SIZES = (1_000, 10_000, 100_000)
SENDERS = 4
JOB = "PT1M"
TURN = "PT5M"
AT_REST_SECONDS = 10
DEADLINE = 600


def measure(command, optimizing, count, progress):
    samples = {}
    jar = command.index("-jar")
    command = [*command[:jar], *optimizing, *command[jar:]]
    with Scratch() as folder, Server(command, folder / "data", "--malachite.runtime=simulated") as server:
        bench = _Bench(server)
        for number, (size, clusters) in enumerate(_runs(count)):
            name = f"r{number}"
            progress(f"{size} jobs, {clusters * NODES} nodes: they are submitted")
            before = bench.heap() if size == SIZES[-1] else 0
            began = time.perf_counter()
            bench.submit(name, size, clusters)
            if number == 0:
                bench.drain(name, size, clusters)
                continue  # the machine has only now compiled what it runs
            samples.setdefault("submit_job_ms", []).append((time.perf_counter() - began) * 1000 / size)
            if before:
                samples.setdefault("waiting_job_bytes", []).append((bench.heap() - before) / size)
                samples.setdefault("waiting_cpu_percent", []).append(bench.cpu_at_rest())
            progress(f"{size} jobs, {clusters * NODES} nodes: drained")
            seconds, cpu = bench.drain(name, size, clusters)
            short = f"{size // 1000}k"
            if clusters == CLUSTERS:
                samples.setdefault(f"drain_{short}_s", []).append(seconds)
            else:
                samples.setdefault(f"job_cost_{short}_us", []).append(seconds * 1e6 / size)
            samples.setdefault(f"job_cpu_{short}_us", []).append(cpu * 1e6 / size)
    return samples


def _runs(count):
    """The first is not counted. What a job costs is compared on one cluster; small drains are repeated, large ones are not."""
    yield SIZES[0], 1
    for size in SIZES[:-1]:
        for _ in range(count if size == SIZES[0] else 1):
            yield size, 1
    yield SIZES[-1], 1
    yield SIZES[-1], CLUSTERS


class _Bench:

    def __init__(self, server):
        self.server = server
        server.control("clock", "PUT", {"mode": "manual"})
        self.client = Client(server)
        self.workspace = self.client.make_workspace("scale")
        server.control("quota", "PUT", {
            "subscription": self.client.subscription, "family": "total", "limit": 1_000_000})
        server.control("quota", "PUT", {
            "subscription": self.client.subscription, "family": "standardDSv2Family", "limit": 1_000_000})

    def submit(self, name, size, clusters):
        targets = [self._target(name, number) for number in range(clusters)]
        for target in targets:
            self._scale(target, 1)
        senders = [_Sender(self, name, first, size, targets) for first in range(SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
            if sender.failure:
                raise Trouble(f"submitting failed: {sender.failure}")
        self._turn("PT0S")

    def drain(self, name, size, clusters):
        """Seconds, and seconds of the server's CPU, until all have ended."""
        self.client.fresh()
        cpu, began = self._cpu(), time.perf_counter()
        for number in range(clusters):
            self._scale(self._target(name, number), NODES)
        left = size
        while left > 0 or self._unfinished():
            if time.perf_counter() - began > DEADLINE:
                raise Trouble(f"{size} jobs were not done after {DEADLINE} s")
            self._turn(TURN)
            left -= clusters * NODES * 5
        took = time.perf_counter() - began
        took_cpu = self._cpu() - cpu
        self.client.fresh()
        last = self.client("GET", f"{self.workspace}/jobs/{name}-{size - 1}{VERSION}")
        if last["properties"]["status"] != "Completed":
            raise Trouble(f"the last job is {last['properties']['status']}")
        return took, took_cpu

    def _turn(self, by):
        """Returns when all that follows has happened."""
        self.server.control("clock/advance", "POST", {"by": by})

    def _unfinished(self):
        overview = self.server.control("overview")
        return overview["jobs"] or any(target["waiting"] for target in overview["targets"])

    def heap(self):
        """Bytes in use after a collection."""
        pid = str(self.server.pid)
        jcmd = os.path.join(os.environ.get("JAVA_HOME", ""), "bin", "jcmd")
        try:
            subprocess.run([jcmd, pid, "GC.run"], check=True, capture_output=True)
            text = subprocess.run(
                [jcmd, pid, "GC.class_histogram", "-all"], check=True, capture_output=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError) as failure:
            raise Trouble(f"the heap could not be looked at: {failure}") from None
        return int(text.split("\nTotal")[1].split()[1])

    def cpu_at_rest(self):
        """Percent of a core that the server takes while nothing happens."""
        time.sleep(2)
        before, began = self._cpu(), time.perf_counter()
        time.sleep(AT_REST_SECONDS)
        return (self._cpu() - before) * 100 / (time.perf_counter() - began)

    def _cpu(self):
        text = subprocess.run(
            ["ps", "-o", "cputimes=", "-p", str(self.server.pid)], capture_output=True, text=True).stdout
        try:
            with open(f"/proc/{self.server.pid}/stat", encoding="ascii") as file:
                words = file.read().rpartition(")")[2].split()
            return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            return float(text)  # where there is no /proc, to the second

    @staticmethod
    def _target(name, number):
        return f"{name}-{number}c"

    def _scale(self, target, most):
        body = json.loads(json.dumps(CLUSTER))
        body["properties"]["properties"]["scaleSettings"]["maxNodeCount"] = most
        self.client("PUT", f"{self.workspace}/computes/{target}{VERSION}", body)


class _Sender(threading.Thread):
    """Submits every so-manieth job of a run, on a connection of its own."""

    def __init__(self, bench, name, first, size, targets):
        super().__init__(daemon=True)
        self.failure = None
        self._client = bench.client
        self._workspace = bench.workspace
        self._name = name
        self._numbers = range(first, size, SENDERS)
        self._bodies = [json.dumps({"properties": {
            "jobType": "Command", "command": "true", "experimentName": "scale",
            "environmentId": "azureml://registries/azureml/environments/sklearn-1.5/versions/1",
            "computeId": f"{bench.workspace}/computes/{target}", "tags": {"malachite.duration": JOB}}})
            for target in targets]

    def run(self):
        headers = {"Authorization": "Bearer " + self._client.token, "Content-Type": "application/json"}
        connection = self._client.connect()
        try:
            for turn, number in enumerate(self._numbers):
                body = self._bodies[turn % len(self._bodies)]
                connection.request("PUT", f"{self._workspace}/jobs/{self._name}-{number}{VERSION}", body, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status >= 300:
                    raise Trouble(f"{answer.status} {text.decode(errors='replace')[:300]}")
        except (OSError, http.client.HTTPException, Trouble) as failure:
            self.failure = failure
        finally:
            connection.close()
