"""Jobs over several nodes and processes with the SDK v2 (service-facts 3, "Distributed"; contracts: sdk-v2 §5)."""

import shutil

import pytest
from azure.ai.ml import MpiDistribution, PyTorchDistribution, TensorFlowDistribution, command
from azure.ai.ml.entities import Environment
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError

from support import hold, ranks
from support.runs import FINAL
from support.waiting import wait_until

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
SUM = """
import os, ranks
rank, size, host, port = ranks.place()
print("rank", rank, "of", size, "has", ranks.all_reduce(10 ** rank), flush=True)
open("outputs/rank-%d.txt" % rank, "w").write(os.environ.get("LOCAL_RANK", "-"))
"""
SERVED = """
import json, os, ranks, socket, time
config = json.loads(os.environ["TF_CONFIG"])
host, port = config["cluster"]["ps"][0].split(":")
if config["task"]["type"] == "ps":
    with socket.create_server(("", int(port))) as served:
        served.accept()[0].sendall(b"variables")
        print("served", flush=True)
        time.sleep(600)
with ranks.connected(host, int(port)) as to:
    print("worker was given", to.recv(100).decode(), flush=True)
"""
FAIL = """
import ranks, sys, time
rank = ranks.place()[0]
ranks.all_reduce(1)
if rank == 3:
    sys.exit("rank 3 has had enough")
time.sleep(600)
"""


@pytest.fixture
def submit(client, cluster, tmp_path):
    code = tmp_path / "src"
    code.mkdir()
    for helper in (hold, ranks):
        shutil.copy(helper.__file__, code)

    def submit(text, **more):
        (code / "train.py").write_text(text)
        more.setdefault("compute", cluster.name)
        more.setdefault("instance_count", 2)
        return client.jobs.create_or_update(command(
            code=str(code), command="python train.py", environment=Environment(image=IMAGE),
            experiment_name="spread", **more))
    return submit


def ended(client, job):
    return wait_until(lambda: (status := client.jobs.get(job.name).status) in FINAL and status, "the job's end", 90)


def downloaded(client, job, folder):
    """What the job left and printed, by the name of its file."""
    client.jobs.download(job.name, download_path=str(folder), all=True)
    return {path.name: path.read_text() for path in folder.rglob("*.txt")}


@pytest.mark.parametrize("distribution", [
    PyTorchDistribution(process_count_per_instance=2), MpiDistribution(process_count_per_instance=2)])
def test_ranks_on_two_nodes_add_up_and_each_has_its_log(client, submit, tmp_path, distribution):
    job = submit(SUM, distribution=distribution)
    client.jobs.stream(job.name)
    assert ended(client, job) == "Completed"
    files = downloaded(client, job, tmp_path / "home")
    assert [files[f"std_log_process_{rank}.txt"] for rank in range(4)] \
        == [f"rank {rank} of 4 has 1111\n" for rank in range(4)]
    assert {f"rank-{rank}.txt" for rank in range(4)} <= files.keys()
    seen = client.jobs.get(job.name)
    assert (seen.distribution, seen.resources.instance_count) == (distribution, 2)


def test_a_node_that_only_serves_runs_until_the_workers_have_ended(client, submit, tmp_path):
    job = submit(SERVED, distribution=TensorFlowDistribution(worker_count=1, parameter_server_count=1))
    client.jobs.stream(job.name)
    assert ended(client, job) == "Completed"
    files = downloaded(client, job, tmp_path / "home")
    assert files["std_log_node_0_worker.txt"] == "worker was given variables\n"
    assert files["std_log_node_1_ps.txt"].startswith("served\n")


def test_a_failing_rank_ends_the_others_and_its_error_is_the_jobs(client, submit):
    job = submit(FAIL, distribution={"type": "pytorch", "process_count_per_instance": 2})
    with pytest.raises(JobException, match="rank 3 has had enough"):
        client.jobs.stream(job.name)
    assert ended(client, job) == "Failed"
