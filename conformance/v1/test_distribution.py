"""Runs over several nodes and processes with the SDK v1 (service-facts 3, "Distributed"; contracts: sdk-v1 §5)."""

import json
import shutil

import pytest
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.runconfig import MpiConfiguration, PyTorchConfiguration, TensorflowConfiguration
from azureml.exceptions import ActivityFailedException, AzureMLException

from support import ranks
from support.runs import ended, error_of, reached
from support.waiting import wait_until

SUM = """
import os, ranks
rank, size, host, port = ranks.place()
print("rank", rank, "of", size, "has", ranks.all_reduce(10 ** rank), flush=True)
open("outputs/rank-%d.txt" % rank, "w").write("was here")
"""
STAND = """
import hold
print("standing still", flush=True)
hold.until("go")
"""


@pytest.fixture
def spread(project):
    """A source directory with a script and what its ranks need."""
    def spread(text):
        folder = project({"train.py": text})
        shutil.copy(ranks.__file__, folder)
        return folder
    return spread


def logs_of(run):
    return {name.split("/")[-1]: text for name, text in run.get_details_with_logs()["logFiles"].items()
            if name.startswith("user_logs/")}


@pytest.mark.parametrize("configuration", [
    MpiConfiguration(process_count_per_node=2, node_count=2), PyTorchConfiguration(process_count=4, node_count=2)])
def test_ranks_on_two_nodes_add_up_and_each_has_its_log(submit, spread, configuration, capsys):
    run = submit(spread(SUM), "train.py", distributed_job_config=configuration)
    run.wait_for_completion(show_output=True)
    assert ended(run) == "Completed", error_of(run)
    assert logs_of(run) == {f"std_log_process_{rank}.txt": f"rank {rank} of 4 has 1111\n" for rank in range(4)}
    assert {f"outputs/rank-{rank}.txt" for rank in range(4)} <= set(run.get_file_names())


def test_workers_are_told_of_their_parameter_server_which_ends_with_them(submit, spread):
    run = submit(spread("""
        import json, os, time, ranks
        task = json.loads(os.environ["TF_CONFIG"])["task"]
        if task["type"] == "ps":
            print("serving", flush=True)
            open("outputs/serving", "w").close()
            time.sleep(600)
        # Its server may come up last.
        while not os.path.exists("outputs/serving") and task["index"] == 0:
            time.sleep(0.05)
        print("worker", task["index"], "has", ranks.all_reduce(10 ** task["index"]), flush=True)
        """.replace("\n        ", "\n")), "train.py",
        distributed_job_config=TensorflowConfiguration(worker_count=2, parameter_server_count=1))
    assert ended(run) == "Completed", error_of(run)
    logs = logs_of(run)
    assert logs["std_log_node_0_worker.txt"] == "worker 0 has 11\n"
    assert logs["std_log_node_1_worker.txt"] == "worker 1 has 11\n"
    assert "serving" in logs["std_log_node_0_ps.txt"]


def test_a_run_waits_for_all_of_its_nodes_at_once_and_says_so(submit, spread, cluster, emulator):
    folder = spread(STAND)
    first = submit(folder, "train.py")
    reached(first, "Running")
    second = submit(folder, "train.py", distributed_job_config=PyTorchConfiguration(node_count=2))
    wait_until(lambda: "it waits for 2 nodes at once, 1 of 2 are free" in json.dumps(emulator.explain(second.id)),
               "the second run's reason")
    first.tag("go", "yes")
    assert ended(first) == "Completed"
    reached(second, "Running")
    assert [node.get("runId") for node in cluster.list_nodes()] == [second.id, second.id]
    second.cancel()
    assert ended(second) == "Canceled"


@pytest.mark.parametrize(("configuration", "words"), [
    (MpiConfiguration(node_count=3), "needs 3 nodes at once, but 'cpu-cluster' has 2 at most"),
    (MpiConfiguration(process_count_per_node=65), "mpi.processCountPerNode must be from 1 to 64"),
    (PyTorchConfiguration(process_count=3, node_count=2), "cannot be spread evenly over 2 nodes"),
    (TensorflowConfiguration(worker_count=2, parameter_server_count=3), "do not fit 2 nodes"),
])
def test_what_does_not_fit_is_refused_and_leaves_nothing(ws, submit, spread, configuration, words):
    before = len(list(ws.experiments["trial"].get_runs())) if "trial" in ws.experiments else 0
    with pytest.raises((AzureMLException, ActivityFailedException), match=words):
        submit(spread(SUM), "train.py", distributed_job_config=configuration)
    assert len(list(ws.experiments["trial"].get_runs())) == before
