"""What else the SDK v2 asks of jobs: serverless compute, lists, services, delete (contracts: sdk-v2 §5, service-facts §3)."""

import io
import sys
from contextlib import redirect_stdout

import pytest
from azure.ai.ml import PyTorchDistribution, command
from azure.ai.ml.constants import ListViewType
from azure.ai.ml.entities import (
    AmlCompute, Environment, IdentityConfiguration, JobResourceConfiguration, JupyterLabJobService, ManagedIdentityConfiguration,
    QueueSettings,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from support.runs import FINAL
from support.waiting import wait_until
from support.wire import Wire

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"


@pytest.fixture
def submit(client, cluster):
    def submit(line, **more):
        more = {"compute": cluster.name, "environment": Environment(image=IMAGE), **more}
        return client.jobs.create_or_update(command(command=line, experiment_name="calls", **more))
    return submit


def ended(client, job):
    return wait_until(lambda: (status := client.jobs.get(job.name).status) in FINAL and status, "the job's end", 60)


def serverless(emulator):
    return [each for each in emulator.overview()["targets"] if each["name"].startswith("serverless-")]


def test_a_job_of_a_moment_still_shows_its_log(client, submit):
    job = submit("echo so short")
    shown = io.StringIO()
    with redirect_stdout(shown):
        client.jobs.stream(job.name)
    assert "so short" in shown.getvalue()
    found = client.jobs.get(job.name)
    assert (found.status, found.properties["malachite.attempt"]) == ("Completed", "1")


def test_serverless_compute_comes_with_the_job_and_goes_with_it(client, submit, emulator):
    job = submit("sleep 1; echo served", compute=None, instance_type="Standard_D2_v2",
                 queue_settings=QueueSettings(job_tier="spot"), tags={"kind": "serverless"})
    (made,) = serverless(emulator)
    assert (made["vmSize"].upper(), made["vmPriority"], made["maxNodes"]) == ("STANDARD_D2_V2", "lowpriority", 1)
    assert ended(client, job) == "Completed"
    wait_until(lambda: not serverless(emulator), "the serverless compute to go", 30)
    found = client.jobs.get(job.name)
    assert found.compute is None and found.queue_settings.job_tier.lower() == "spot"
    assert found.properties["_azureml.ClusterName"] == made["name"]


def test_serverless_compute_has_the_nodes_that_the_job_asks_for(client, submit, emulator):
    job = submit('[ "$WORLD_SIZE" = 2 ]', compute=None, instance_type="Standard_D2_v2", instance_count=2,
                 distribution=PyTorchDistribution(process_count_per_instance=1))
    (made,) = serverless(emulator)
    assert made["maxNodes"] == 2
    assert ended(client, job) == "Completed"
    wait_until(lambda: not serverless(emulator), "the serverless compute to go", 30)


def test_serverless_compute_of_an_unknown_size_is_refused_by_name(client, submit, emulator):
    with pytest.raises(HttpResponseError, match="Standard_Toaster"):
        submit("echo never", compute=None, instance_type="Standard_Toaster")
    assert not serverless(emulator)


def test_what_was_asked_for_comes_back(client, submit):
    job = submit("env | grep -c '^GREETING=hello$'", environment_variables={"A": "b"}, shm_size="3g",
                 docker_args="--env GREETING=hello --shm-size 3g", services={"lab": JupyterLabJobService()},
                 identity=ManagedIdentityConfiguration())
    assert ended(client, job) == "Completed"
    found = client.jobs.get(job.name)
    assert (found.resources.shm_size, found.resources.docker_args) == ("3g", "--env GREETING=hello --shm-size 3g")
    assert found.environment_variables["A"] == "b" and "lab" in found.services
    assert found.outputs["default"].path.endswith("ExperimentRun/dcid." + job.name)
    (service,) = client.jobs.show_services(job.name).values()
    assert (service.type, service.status) == ("JupyterLab", "Failed") and "not run" in service.error


def test_a_job_says_which_of_the_clusters_identities_it_is(client, submit, lab, emulator):
    names = [f"/subscriptions/{lab}/resourceGroups/research/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
             for name in ("reader", "writer")]
    known = client.compute.begin_create_or_update(AmlCompute(
        name="known", size="Standard_D2_v2", max_instances=1, identity=IdentityConfiguration(
            type="user_assigned", user_assigned_identities=[ManagedIdentityConfiguration(resource_id=name) for name in names])
    )).result()
    # The SDK leaves the ids out.
    shown = Wire(emulator, lab)("GET", known.id).json()["identity"]["userAssignedIdentities"]
    clients = [shown[name]["clientId"] for name in names]
    for wanted in (ManagedIdentityConfiguration(client_id=clients[1]), ManagedIdentityConfiguration(resource_id=names[1])):
        job = submit(f'[ "$DEFAULT_IDENTITY_CLIENT_ID" = {clients[1]} ]', compute=known.name, identity=wanted)
        assert ended(client, job) == "Completed"


def test_docker_arguments_that_reach_out_of_the_container_are_refused(client, submit):
    with pytest.raises(HttpResponseError, match="--privileged"):
        submit("echo never", docker_args="--privileged")


def test_a_job_that_takes_too_long_is_stopped(client, submit):
    job = submit("sleep 60", timeout=1)
    assert ended(client, job) == "Failed"


def test_lists_by_view_tag_and_type(client, submit):
    kept, gone = submit("echo a", tags={"round": "one"}), submit("echo b", tags={"round": "two"})
    assert ended(client, kept) == ended(client, gone) == "Completed"
    client.jobs.archive(gone.name)
    assert client.jobs.get(gone.name).name == gone.name
    names = lambda **more: {each.name for each in client.jobs.list(**more)}
    assert kept.name in names() and gone.name not in names()
    assert gone.name in names(list_view_type=ListViewType.ARCHIVED_ONLY)
    assert {kept.name, gone.name} <= names(list_view_type=ListViewType.ALL)
    assert names(tag="round") == {kept.name}
    assert kept.name in names(job_type="Command") and kept.name not in names(job_type="Sweep")
    client.jobs.restore(gone.name)
    assert names(tag="round") == {kept.name, gone.name}


def test_a_job_below_another_is_its_child(client, submit):
    above = submit("true")
    below = submit("true", parent_job_name=above.name)
    assert [child.name for child in client.jobs.list(parent_job_name=above.name)] == [below.name]
    assert below.name not in [job.name for job in client.jobs.list()]
    with pytest.raises(ResourceNotFoundError, match="nobody"):
        submit("true", parent_job_name="nobody")


def test_a_job_is_not_deleted_while_a_child_of_it_runs(client, submit):
    above = submit("true")
    below = submit("sleep 60", parent_job_name=above.name)
    assert ended(client, above) == "Completed"
    with pytest.raises(HttpResponseError, match=f"{below.name}.*cancel it"):
        client.jobs.begin_delete(above.name)
    client.jobs.begin_cancel(below.name).result()
    client.jobs.begin_delete(above.name).result()
    with pytest.raises(ResourceNotFoundError):
        client.jobs.get(below.name)


def test_a_name_that_exists_answers_with_the_old_job(client, submit):
    job = submit("echo first", name="only_once", display_name="first")
    assert ended(client, job) == "Completed"
    assert submit("echo second", name="only_once", display_name="second").display_name == "first"


def test_delete_removes_an_ended_job_only(client, submit):
    job = submit("sleep 60")
    with pytest.raises(HttpResponseError, match="cancel"):
        client.jobs.begin_delete(job.name)
    client.jobs.begin_cancel(job.name).result()
    assert client.jobs.get(job.name).status == "Canceled"
    client.jobs.begin_delete(job.name).result()
    with pytest.raises(ResourceNotFoundError):
        client.jobs.get(job.name)


# What DefaultAzureCredential and MLClient do, with nothing but what every Python has.
IDENTITY = """
import json, os, urllib.error, urllib.request
def ask(url, method="GET", body=None, **headers):
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        return urllib.request.urlopen(request).status, urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
(cloud, *_) = json.loads(ask(os.environ["ARM_CLOUD_METADATA_URL"])[1])
manager = cloud["resourceManager"]
_, answer = ask(os.environ["IDENTITY_ENDPOINT"] + "?api-version=2019-08-01&resource=" + manager,
                **{"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]})
bearer = {"Authorization": "Bearer " + json.loads(answer)["access_token"]}
here = manager + os.environ["AZUREML_WORKSPACE_SCOPE"]
status, answer = ask(here + "/jobs/" + os.environ["AZUREML_RUN_ID"] + "?api-version=2024-01-01-preview", **bearer)
print("I am", json.loads(answer)["name"], status)
print("refused", ask(here + "/computes/cpu-cluster?api-version=2023-08-01&underlyingResourceAction=Delete", "DELETE", **bearer)[0])
print("mlflow", sorted(name for name in os.environ if name.startswith("MLFLOW_")))
"""


def test_a_job_has_an_identity_of_its_own(client, submit, tmp_path):
    (tmp_path / "inside.py").write_text(IDENTITY)
    job = submit("python inside.py", code=str(tmp_path))
    shown = io.StringIO()
    with redirect_stdout(shown):
        client.jobs.stream(job.name)
    assert f"I am {job.name} 200" in shown.getvalue()
    assert "refused 403" in shown.getvalue()
    assert "'MLFLOW_EXPERIMENT_ID', 'MLFLOW_EXPERIMENT_NAME', 'MLFLOW_RUN_ID', 'MLFLOW_TRACKING_TOKEN'" in shown.getvalue()


INSIDE = """
import os, sys
from azure.ai.ml import MLClient
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

client = MLClient(DefaultAzureCredential(), os.environ["AZUREML_ARM_SUBSCRIPTION"],
                  os.environ["AZUREML_ARM_RESOURCEGROUP"], os.environ["AZUREML_ARM_WORKSPACE_NAME"])
me = client.jobs.get(os.environ["AZUREML_RUN_ID"])
print("I am", me.name, me.experiment_name)
print("store", client.datastores.get_default().name)
open("made.txt", "w").write("made inside")
made = client.data.create_or_update(Data(name="made_inside", type=AssetTypes.URI_FILE, path="made.txt"))
print("made", made.name, made.version)
client.jobs.stream(sys.argv[1])
client.jobs.download(sys.argv[1], download_path="theirs", all=True)
print("theirs", open("theirs/artifacts/outputs/left.txt").read())
try:
    client.compute.begin_delete("cpu-cluster").result()
except HttpResponseError as refused:
    print("refused", refused.status_code)
"""


@pytest.mark.all
def test_the_same_client_works_inside_a_job(client, submit, tmp_path, runtime):
    (tmp_path / "inside.py").write_text(INSIDE)
    before = submit("echo what is left > outputs/left.txt")
    client.jobs.stream(before.name)
    conda = {"name": "sdk", "dependencies": ["python", "pip", {"pip": ["azure-ai-ml==1.35.2", "azure-identity==1.27.0"]}]}
    # Processes have the Python of these tests, containers one that is made.
    python, more = (sys.executable, {}) if runtime == "process" else (
        "python", {"environment": Environment(image=IMAGE, conda_file=conda)})
    job = submit(f"{python} inside.py {before.name}", code=str(tmp_path), **more)
    shown = io.StringIO()
    with redirect_stdout(shown):
        client.jobs.stream(job.name)
    assert f"I am {job.name} calls" in shown.getvalue()
    # Of a job that has ended the SDK streams no log.
    assert f"RunId: {before.name}" in shown.getvalue() and "theirs what is left" in shown.getvalue()
    assert "store workspaceblobstore" in shown.getvalue() and "made made_inside 1" in shown.getvalue()
    assert "refused 403" in shown.getvalue()
