"""A low-priority node is taken away (documents 001: a preempted job is started again, not resumed)."""

import json

import pytest
from azureml.core.compute import AmlCompute, ComputeTarget

from support.runs import ended, error_of, log_of, reached
from support.waiting import wait_until

STAND = """
import os, hold
print("attempt begins", flush=True)
os.makedirs("outputs", exist_ok=True)
hold.until("go")
open("outputs/done.txt", "w").write("done")
"""


@pytest.fixture(scope="module")
def spot(ws):
    made = ComputeTarget.create(ws, "spot", AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", vm_priority="lowpriority", min_nodes=0, max_nodes=2))
    made.wait_for_completion()
    return made


def node_of(cluster, run):
    """The id of the node that runs it, once there is one."""
    return next((node["nodeId"] for node in cluster.list_nodes() if node.get("runId") == run.id), None)


def test_an_evicted_job_runs_again_on_a_new_node_and_completes(submit, project, spot, emulator):
    run = submit(project({"train.py": STAND}), "train.py", target=spot)
    reached(run, "Running")
    first = wait_until(lambda: node_of(spot, run), "the first node")
    wait_until(lambda: "attempt begins" in log_of(run), "the first attempt's line")

    emulator.evict(first)

    # The run goes back to the queue before it runs again; it is never seen to have ended.
    second = wait_until(lambda: node_of(spot, run) not in (None, first) and node_of(spot, run), "another node")
    reached(run, "Running")
    assert second != first
    assert "ttempt 2" in json.dumps(emulator.explain(run.id))
    run.tag("go", "yes")
    assert ended(run) == "Completed", error_of(run)
    assert "outputs/done.txt" in run.get_file_names()


def test_an_idle_node_that_is_evicted_just_goes(submit, project, spot, emulator):
    run = submit(project({"train.py": "print('short')"}), "train.py", target=spot)
    assert ended(run) == "Completed"
    idle = [node["nodeId"] for node in spot.list_nodes() if node["nodeState"] == "idle"]
    emulator.evict(idle[0])
    wait_until(lambda: idle[0] not in [node["nodeId"] for node in spot.list_nodes()], "the node to be gone")
    assert run.get_status() == "Completed"
