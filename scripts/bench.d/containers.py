"""A hundred real containers: how long until all wait for jobs, and until all are gone."""

import time

import jobs
from client import CLUSTER, VERSION
from server import Scratch, Server, Trouble

NODES = 100
DEADLINE = 600


def measure(command, image, count, progress):
    if not image:
        raise Trouble("there is no Docker engine")
    with Scratch() as folder, Server(command, folder / "data", "--malachite.runtime=docker") as server:
        try:
            return _Bench(server, image).measure(progress)
        finally:
            jobs.clean(server.data)


class _Bench(jobs.Bench):

    def measure(self, progress):
        # New nodes are made from the image that the first one has.
        self.first_job()
        self.idle()
        progress(f"{NODES} containers are started")
        began = time.perf_counter()
        self._scale(NODES)
        self._wait_long(lambda nodes: sum(node["ready"] for node in nodes) == NODES, "all nodes to be ready")
        ready = time.perf_counter()
        progress(f"{NODES} containers are removed")
        self._scale(0)
        self.server.control("clock/advance", "POST", {"by": "PT2M1S"})
        self._wait_long(lambda nodes: not nodes, "all nodes to leave")
        return {"containers_100_started_s": [ready - began], "containers_100_removed_s": [time.perf_counter() - ready]}

    def _scale(self, least):
        outer = CLUSTER["properties"]
        inner = {**outer["properties"], "scaleSettings": {
            "minNodeCount": least, "maxNodeCount": NODES, "nodeIdleTimeBeforeScaleDown": "PT120S"}}
        self.client("PUT", f"{self.workspace}/computes/cpu-cluster{VERSION}", {
            **CLUSTER, "properties": {**outer, "properties": inner}})

    def _wait_long(self, condition, what):
        end = time.perf_counter() + DEADLINE
        while not condition(self.nodes()):
            if time.perf_counter() > end:
                raise Trouble(f"waited {DEADLINE} s for {what}")
            time.sleep(0.2)
