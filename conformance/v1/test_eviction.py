"""A low-priority node is taken away (documents 001: a preempted job is started again, not resumed)."""

import json

import pytest
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ActivityFailedException

from support.runs import ended, error_of, log_of, reached
from support.waiting import wait_until

STAND = """
import os, hold
attempt = os.environ["AZUREML_MALACHITE_ATTEMPT"]
os.makedirs("outputs", exist_ok=True)
open("outputs/of-" + attempt + ".txt", "w").write("left by attempt " + attempt)
print("attempt", attempt, "begins", flush=True)
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


def attempts_in(run):
    """Which attempts have begun in which of the run's logs."""
    logs = run.get_details_with_logs()["logFiles"]
    return {name: sorted({each for each in "123" if f"attempt {each} begins" in text})
            for name, text in logs.items() if name.startswith("user_logs/")}


def attempt_of(run):
    return run.get_properties().get("malachite.attempt")


def test_an_evicted_job_runs_again_on_a_new_node_and_completes(submit, project, spot, emulator, tmp_path):
    run = submit(project({"train.py": STAND}), "train.py", target=spot)
    reached(run, "Running")
    first = wait_until(lambda: node_of(spot, run), "the first node")
    wait_until(lambda: "attempt 1 begins" in log_of(run), "the first attempt's line")
    assert attempts_in(run) == {"user_logs/std_log.txt": ["1"]}
    assert attempt_of(run) == "1"

    emulator.evict(first)

    # The run goes back to the queue before it runs again; it is never seen to have ended.
    second = wait_until(lambda: node_of(spot, run) not in (None, first) and node_of(spot, run), "another node")
    reached(run, "Running")
    assert second != first
    assert "ttempt 2" in json.dumps(emulator.explain(run.id))
    assert attempt_of(run) == "2"
    wait_until(lambda: "attempt 2 begins" in log_of(run), "the second attempt's line")
    assert attempts_in(run) == {"user_logs/retry_000/std_log.txt": ["1"], "user_logs/std_log.txt": ["2"]}
    # What an earlier attempt left is in history before the run has ended: the next one may go on from it.
    assert "outputs/of-1.txt" in run.get_file_names()
    run.tag("go", "yes")
    assert ended(run) == "Completed", error_of(run)
    assert {"outputs/of-1.txt", "outputs/of-2.txt", "outputs/done.txt", "user_logs/retry_000/std_log.txt"} <= set(
        run.get_file_names())
    run.download_file("outputs/of-1.txt", str(tmp_path / "earlier.txt"))
    assert (tmp_path / "earlier.txt").read_text() == "left by attempt 1"
    assert attempt_of(run) == "2"


def test_an_eviction_can_be_the_jobs_end(submit, project, spot, emulator):
    # The service's own words (MachineLearningNotebooks#1242).
    run = submit(project({"train.py": STAND}), "train.py", target=spot)
    node = wait_until(lambda: node_of(spot, run), "its node")
    wait_until(lambda: "attempt 1 begins" in log_of(run), "its line")

    emulator.evict(node, retry=False)

    with pytest.raises(ActivityFailedException, match="PreemptionError: Nodes of this job got pre-empted"):
        run.wait_for_completion(show_output=True)
    assert run.get_status() == "Failed"
    assert attempts_in(run) == {"user_logs/std_log.txt": ["1"]}
    assert "outputs/of-1.txt" in run.get_file_names()


def test_an_idle_node_that_is_evicted_just_goes(submit, project, spot, emulator):
    run = submit(project({"train.py": "print('short')"}), "train.py", target=spot)
    assert ended(run) == "Completed"
    idle = [node["nodeId"] for node in spot.list_nodes() if node["nodeState"] == "idle"]
    emulator.evict(idle[0])
    wait_until(lambda: idle[0] not in [node["nodeId"] for node in spot.list_nodes()], "the node to be gone")
    assert run.get_status() == "Completed"
