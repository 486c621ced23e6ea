"""The emulator is halted again and again: between commit, reply and runtime call, in the middle of a write, and anywhere.

After each halt nothing that was acknowledged is missing. In the end every job has ended, no attempt of any job was started
twice or ran beside another one, and when the targets are deleted nothing of theirs is left.
"""

import os
import random
import re
import subprocess
import time
import uuid
from pathlib import Path

import pytest
import requests

from support.emulator import Emulator, taken_apart
from support.waiting import wait_until
from support.wire import Wire, cluster

pytestmark = pytest.mark.all

ROUNDS = int(os.environ.get("MALACHITE_CHAOS_ROUNDS", "30"))
SEED = int(os.environ.get("MALACHITE_CHAOS_SEED") or random.SystemRandom().randrange(1_000_000))
# Where the server halts itself, and how often it may pass there before; "kill" is from outside, at any moment.
POINTS = {"before-commit": 25, "during-commit": 25, "after-commit": 25, "after-reply": 25, "before-call": 12, "after-call": 12,
          "kill": 0}
ACTS = 40
MOST_NODES = 3
FINAL = ("Completed", "Failed", "Canceled")
END_SECONDS = 300
# What a job prints at its begin and at its end, so that what ran when can be read from its logs.
COMMAND = """at() { echo "$1 $AZUREML_MALACHITE_ATTEMPT $(date +%s.%N)"; }; at begin; sleep 0.3; at end"""
SIMULATED = {"malachite.output": "begin 0 0.0\n"}
GONE = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class World:
    """What was asked for and acknowledged, and a server that may be away at any moment."""

    def __init__(self, emulator, subscription, dice):
        self.emulator = emulator
        self.subscription = subscription
        self.dice = dice
        self.targets = {}
        self.deleted = set()
        self.jobs = {}
        self.tags = {}
        self.metrics = {}
        self.evicted = 0
        self.send = None
        self.number = 0

    def connect(self):
        """A token dies with nothing; but the first one needs a server."""
        self.send = Wire(self.emulator, self.subscription)

    def found(self):
        send = self.send
        assert send("PUT", send.group, json={"location": "koreacentral"}).ok
        assert send("PUT", send.workspace, json={"location": "koreacentral", "properties": {}}).ok
        self.put_target("first")
        made = send("PUT", f"{send.workspace}/environments/ready-made/versions/1", json={
            "properties": {"image": os.environ.get("MALACHITE_BASE_IMAGE", "malachite/base:1")}})
        assert made.ok, made.text

    def put_target(self, name, most=None):
        most = most or self.dice.randint(1, MOST_NODES)
        # Nodes of every other one can be evicted; a cluster keeps its priority.
        spot = name == "first" or int(name.split("-")[1]) % 2 == 0
        answer = self.send("PUT", f"{self.send.workspace}/computes/{name}", json=cluster(
            vmPriority="LowPriority" if spot else "Dedicated",
            scaleSettings={"minNodeCount": 0, "maxNodeCount": most, "nodeIdleTimeBeforeScaleDown": "PT120S"}))
        assert answer.status_code in (200, 201), answer.text
        self.targets[name] = most

    def act(self):
        """One wish; what is acknowledged is remembered when its answer is there."""
        self.number += 1
        kind = self.dice.choices(
            ("submit", "tag", "metric", "put", "resize", "cancel", "evict", "delete"), (10, 4, 3, 2, 2, 2, 3, 1))[0]
        # A few of them, so that what waits idle for its end stays little.
        live = self.live()[-4:] + ["first"]
        if kind == "put":
            self.put_target(f"target-{self.number}")
        elif kind == "resize":
            name = self.dice.choice(live)
            self.targets[name] = None
            self.put_target(name)
        elif kind == "delete" and set(live) != {"first"}:
            name = self.dice.choice([each for each in live if each != "first"])
            # From now on neither its presence nor its absence is a loss, until the answer is there.
            self.deleted.add(name)
            answer = self.send("DELETE", f"{self.send.workspace}/computes/{name}?underlyingResourceAction=Delete")
            assert answer.status_code in (200, 202, 204), answer.text
        elif kind == "tag" and self.jobs:
            run, tag = self.dice.choice(sorted(self.jobs)), f"tag-{self.number}"
            answer = self.send("PATCH", f"{self.history(run)}", version=None, json={"runId": run, "tags": {tag: "kept"}})
            assert answer.ok, answer.text
            self.tags.setdefault(run, set()).add(tag)
        elif kind == "metric" and self.jobs:
            run, metric = self.dice.choice(sorted(self.jobs)), f"metric-{self.number}"
            answer = self.send("POST", f"{self.mlflow()}/log-metric", None, json={
                "run_id": run, "key": metric, "value": 1, "timestamp": 1, "step": 0})
            assert answer.ok, answer.text
            self.metrics.setdefault(run, set()).add(metric)
        elif kind == "evict":
            nodes = self.send("POST", f"{self.send.workspace}/computes/{self.dice.choice(live)}/listNodes").json()["nodes"]
            busy = [node["nodeId"] for node in nodes if node.get("runId")]
            if busy:
                node = self.dice.choice(busy)
                answer = requests.post(f"{self.emulator.http}/_emulator/nodes/{node}/evict", json={}, timeout=60)
                # It may have gone since, and those of dedicated clusters are not evicted.
                assert answer.status_code in (200, 202, 404, 409), answer.text
                self.evicted += answer.ok
        elif kind == "cancel" and self.jobs:
            run = self.dice.choice(sorted(self.jobs))
            answer = self.send("POST", f"{self.send.workspace}/jobs/{run}/cancel")
            assert answer.ok, answer.text
        else:
            run = f"chaos_{self.number}"
            workspace = self.send.workspace
            target = self.dice.choice(live)
            # A job never waits for more nodes than its target may have, but for one that is made smaller later.
            nodes = 2 if (self.targets[target] or 0) > 1 and self.dice.random() < 0.3 else 1
            answer = self.send("PUT", f"{workspace}/jobs/{run}", json={"properties": {
                "jobType": "Command", "experimentName": "chaos", "command": COMMAND, "tags": SIMULATED,
                "resources": {"instanceCount": nodes}, "distribution": {"distributionType": "PyTorch"} if nodes > 1 else None,
                "environmentId": f"{workspace}/environments/ready-made/versions/1",
                "computeId": f"{workspace}/computes/{target}"}})
            assert answer.ok, answer.text
            self.jobs[run] = None

    def live(self):
        return [each for each in self.targets if each not in self.deleted]

    def widen(self):
        """Every job that waits for two nodes can have them."""
        for name in self.live():
            self.put_target(name, MOST_NODES)

    def mlflow(self):
        return f"/mlflow/v2.0{self.send.workspace}/api/2.0/mlflow/runs"

    def history(self, run):
        return f"/history/v1.0{self.send.workspace}/experiments/chaos/runs/{run}"

    def run(self, run):
        answer = self.send("GET", self.history(run), version=None)
        assert answer.status_code == 200, f"the acknowledged job {run} is lost: {answer.status_code} {answer.text}"
        return answer.json()

    def check(self, last=None):
        """Everything that was acknowledged is there; of the jobs, the last ones."""
        computes = self.send("GET", f"{self.send.workspace}/computes").json()["value"]
        have = {each["name"]: each["properties"]["properties"]["scaleSettings"]["maxNodeCount"] for each in computes}
        for name, most in self.targets.items():
            if name not in self.deleted:
                assert name in have, f"the acknowledged target {name} is lost"
                assert most in (None, have[name]), f"{name} was acknowledged with {most} nodes and has {have[name]}"
        for run in list(self.jobs)[-(last or len(self.jobs)):]:
            tags = self.run(run)["tags"] or {}
            lost = self.tags.get(run, set()) - set(tags)
            assert not lost, f"acknowledged tags of {run} are lost: {lost}"
            if run in self.metrics:
                found = self.send("GET", f"{self.mlflow()}/get?run_id={run}", None).json()["run"]["data"]["metrics"]
                lost = self.metrics[run] - {metric["key"] for metric in found}
                assert not lost, f"acknowledged metrics of {run} are lost: {lost}"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Each round is a start: most of its time was that."""
    return taken_apart(tmp_path_factory.mktemp("program"))


@pytest.mark.parametrize("runtime", os.environ.get("MALACHITE_CHAOS_RUNTIMES", "simulated,process").split(","))
def test_whatever_is_halted_nothing_acknowledged_is_lost(tmp_path, program, runtime):
    dice = random.Random(SEED)
    emulator = Emulator(tmp_path / "data", runtime, program)
    world = World(emulator, str(uuid.uuid4()), dice)
    halts = dict.fromkeys(POINTS, 0)
    try:
        emulator.start()
        world.connect()
        world.found()
        emulator.kill()
        for number in range(ROUNDS):
            point = list(POINTS)[number % len(POINTS)]
            count = dice.randint(1, POINTS[point] or 1)
            options = [] if point == "kill" else [f"-Dmalachite.crash={point}:{count}"]
            try:
                _round(world, options, dice.uniform(0, 1.5) if point == "kill" else None)
            except AssertionError as failure:
                raise AssertionError(
                    f"round {number}, {point}:{count} (MALACHITE_CHAOS_SEED={SEED}): {failure}") from failure
            halts[point] += emulator.exit_code() in (137, -9)
        print(f"seed {SEED}: halted {halts}, {len(world.jobs)} jobs, {len(world.targets)} targets, {world.evicted} evictions")
        _ends_well(world)
    finally:
        emulator.kill()
    assert all(count > 0 for point, count in halts.items() if ROUNDS >= 4 * len(POINTS)), f"some points were never met: {halts}"


def _round(world, options, kill_after):
    """One life of the server's: what is there is looked at, more is asked for, and it dies."""
    emulator = world.emulator
    if not emulator.start_if_it_lives(options):
        return
    try:
        world.check(last=20)
        until = time.monotonic() + (kill_after if kill_after is not None else 1e9)
        for _ in range(ACTS):
            if time.monotonic() > until:
                break
            world.act()
        if kill_after is None:
            # What was asked for goes on by itself, and may come by.
            emulator.wait_for_end(seconds=3)
    except GONE:
        emulator.wait_for_end(seconds=30)
    emulator.kill()


def _ends_well(world):
    emulator = world.emulator
    emulator.start()
    world.check()
    world.widen()
    runs = set(world.jobs) | {f"chaos_{number}" for number in range(world.number + 1)}
    known = [run for run in sorted(runs) if world.send("GET", world.history(run), version=None).status_code == 200]
    wait_until(lambda: all(world.run(run)["status"] in FINAL for run in known), "every job to end", END_SECONDS)
    logs = _logs(emulator.data)
    assert any(logs.values()), "no job has printed anything"
    for run in known:
        _ran_one_at_a_time(run, logs.get(run, []))
    for name in [each["name"] for each in world.send("GET", f"{world.send.workspace}/computes").json()["value"]]:
        assert world.send("DELETE", f"{world.send.workspace}/computes/{name}?underlyingResourceAction=Delete").status_code in (200, 202, 204)
    wait_until(lambda: not emulator.overview()["targets"], "the targets to go", END_SECONDS)
    assert _left(emulator) == [], "something of the targets is left"


def _logs(data):
    """What each run printed, a text an attempt."""
    logs = {}
    # A blob's file is named after the blob, with marks of the store's own.
    for log in data.rglob("std_log*.txt*"):
        run = re.search(r"chaos_\d+", str(log.relative_to(data)))
        if run:
            logs.setdefault(run.group(), []).append(log.read_text())
    return logs


def _ran_one_at_a_time(run, logs):
    """Each attempt begins once a node, and only after the one before it has ended or was killed for good."""
    times = []
    for log in logs:
        lines = re.findall(r"^(begin|end) (\d+) ([\d.]+)$", log, re.M)
        assert [kind for kind, _, _ in lines].count("begin") <= 1, f"an attempt of {run} ran twice: {log}"
        times += [(float(at), int(attempt)) for _, attempt, at in lines]
    order = [attempt for _, attempt in sorted(times)]
    assert order == sorted(order), f"attempts of {run} ran beside each other: {sorted(times)}"


def _left(emulator):
    """Containers, processes and simulated nodes that bear the mark of this emulator."""
    if emulator.runtime == "docker":
        ours = subprocess.run(
            ["docker", "ps", "-a", "--format", "{{.Names}} {{.Labels}}"], capture_output=True, text=True, check=True)
        mark = "malachite.instance=" + (emulator.data / "instance-id").read_text().strip()
        return [line for line in ours.stdout.splitlines() if mark in line and "malachite.node=" in line]
    if emulator.runtime == "simulated":
        nodes, there = emulator.data / "simulated" / "nodes", set()
        # Each line says what has become of a node; the last one of each counts.
        for name, what, *_ in (line.split() for line in nodes.read_text().splitlines()) if nodes.exists() else ():
            there = there - {name} if what == "gone" else there | {name}
        return sorted(there)
    mark = str(emulator.data).encode()
    return [each.name for each in Path("/proc").iterdir()
            if each.name.isdigit() and int(each.name) != emulator.pid() and mark in _command(each)]


def _command(process):
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
