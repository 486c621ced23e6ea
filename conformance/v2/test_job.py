"""One command job with the SDK v2, from its code folder to its downloaded output (contracts: sdk-v2 §5)."""

import os
import shutil

import pytest
from azure.ai.ml import command
from azure.ai.ml.entities import AmlCompute, Environment
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError

from support import hold
from support.runs import FINAL, screen
from support.waiting import wait_until

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
STAND = """
import os, sys, hold
print("standing still", sys.argv[1], flush=True)
hold.until("go")
os.makedirs("outputs", exist_ok=True)
open("outputs/model.txt", "w").write("weights")
print("going on in", os.environ["COLOUR"], flush=True)
"""


@pytest.fixture
def code(tmp_path):
    folder = tmp_path / "src"
    folder.mkdir()
    shutil.copy(hold.__file__, folder)
    (folder / "train.py").write_text(STAND)
    return folder


@pytest.fixture
def submit(client, cluster, code):
    def submit(line="python train.py", **more):
        more = {"compute": cluster.name, "environment": Environment(image=IMAGE), **more}
        return client.jobs.create_or_update(command(code=str(code), command=line, experiment_name="trial", **more))
    return submit


def ended(client, job):
    return wait_until(lambda: (status := client.jobs.get(job.name).status) in FINAL and status, "the job's end", 60)


def let_go(client, job):
    """Tags the run, as `hold` waits for: jobs.create_or_update of a fetched job is a PATCH of the run."""
    fetched = client.jobs.get(job.name)
    fetched.tags = {**(fetched.tags or {}), "go": "yes"}
    client.jobs.create_or_update(fetched)


def test_a_job_streams_completes_and_its_output_comes_home(client, submit, tmp_path):
    job = submit("python train.py ${{inputs.rate}}", inputs={"rate": 0.25}, environment_variables={"COLOUR": "green"})
    assert job.status in ("Starting", "Preparing", "Queued", "Provisioning", "Running")
    with screen({"standing still 0.25": lambda: let_go(client, job)}) as shown:
        client.jobs.stream(job.name)
    assert "going on in green" in shown.getvalue()
    assert ended(client, job) == "Completed"
    client.jobs.download(job.name, download_path=str(tmp_path / "home"))
    (model,) = (tmp_path / "home").rglob("model.txt")
    assert model.read_text() == "weights"


def test_it_is_listed_with_what_was_asked_for(client, submit):
    job = submit("echo listed", display_name="a name for people", tags={"team": "vision"})
    found = client.jobs.get(job.name)
    assert (found.display_name, found.tags["team"], found.experiment_name) == ("a name for people", "vision", "trial")
    assert job.name in [each.name for each in client.jobs.list()]
    assert ended(client, job) == "Completed"


def test_a_registered_environment_is_named_by_its_version_or_as_the_latest(client, submit):
    for version in ("1", "2"):
        client.environments.create_or_update(Environment(name="tools", version=version, image=IMAGE))
    jobs = [submit("echo ready", environment=name) for name in ("tools:1", "tools@latest")]
    assert [ended(client, job) for job in jobs] == ["Completed", "Completed"]
    assert [client.jobs.get(job.name).environment for job in jobs] == ["tools:1", "tools:2"]
    with pytest.raises(HttpResponseError, match="'tools' in version '3' does not exist"):
        submit("echo never", environment="tools:3")


def test_the_same_code_is_not_uploaded_again(client, submit):
    first, second = submit("echo one"), submit("echo two")
    assert client.jobs.get(first.name).code == client.jobs.get(second.name).code
    assert ended(client, first) == ended(client, second) == "Completed"


def test_a_failing_job_raises_with_the_tail_of_its_error(client, submit):
    job = submit("echo so far; echo the data is damaged >&2; exit 3")
    with pytest.raises(JobException, match="the data is damaged"):
        client.jobs.stream(job.name)
    assert ended(client, job) == "Failed"


def test_a_running_job_is_canceled(client, submit):
    job = submit("python train.py here")
    wait_until(lambda: client.jobs.get(job.name).status == "Running", "the job to run", 60)
    client.jobs.begin_cancel(job.name).result()
    assert ended(client, job) == "Canceled"


def test_the_higher_priority_goes_first(client, submit):
    def status(job):
        return client.jobs.get(job.name).status

    client.compute.begin_create_or_update(
        AmlCompute(name="busy", size="Standard_D2_v2", min_instances=0, max_instances=1)).result()
    settings = {"compute": "busy", "environment_variables": {"COLOUR": "green"}}
    first = submit("python train.py first", **settings)
    wait_until(lambda: status(first) == "Running", "the first job to run", 60)
    low = submit("echo later", priority="low", **settings)
    high = submit("python train.py sooner", priority="high", **settings)
    wait_until(lambda: status(low) == status(high) == "Queued", "both to wait")
    let_go(client, first)
    wait_until(lambda: status(high) == "Running", "the one of higher priority to run", 60)
    assert status(low) == "Queued"
    let_go(client, high)
    assert ended(client, high) == ended(client, low) == "Completed"


def test_an_unknown_compute_is_refused(client, submit):
    # The client does not look; the service has to.
    before = len(list(client.jobs.list()))
    with pytest.raises(HttpResponseError, match="nowhere"):
        submit("echo never", compute="nowhere")
    assert len(list(client.jobs.list())) == before


def test_this_suite_talks_to_the_emulator_only():
    assert os.environ["AZUREML_CURRENT_CLOUD"] != "AzureCloud"
