"""What there is not is refused once and clearly by the SDK v2, never as a failure of ours (contracts: sdk-v2 §11)."""

import pytest
from azure.ai.ml import Input, automl, command, spark
from azure.ai.ml.entities import (
    BatchEndpoint, Environment, ManagedOnlineEndpoint, Registry, RegistryRegionDetails, WorkspaceConnection,
    UsernamePasswordConfiguration,
)
from azure.core.exceptions import HttpResponseError

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"


def refused(call, *words):
    with pytest.raises(HttpResponseError) as error:
        call()
    assert 400 <= error.value.status_code < 500, error.value
    message = str(error.value)
    assert all(word.lower() in message.lower() for word in words), message
    assert "Exception" not in message.replace("HttpResponseError", ""), message


def test_jobs_of_other_kinds_are_refused_with_a_way_out(client, cluster, tmp_path):
    table = Input(type="mltable", path="azureml://datastores/workspaceblobstore/paths/table/")
    refused(lambda: client.jobs.create_or_update(automl.classification(
        compute=cluster.name, experiment_name="refused", training_data=table, target_column_name="y")),
        "automl", "sweep job")
    (tmp_path / "count.py").write_text("print(1)")
    refused(lambda: client.jobs.create_or_update(spark(
        code=str(tmp_path), entry={"file": "count.py"}, driver_cores=1, driver_memory="2g", executor_cores=2,
        executor_memory="2g", executor_instances=2, experiment_name="refused",
        resources={"instance_type": "Standard_E4S_V3", "runtime_version": "3.4.0"})), "spark", "pyspark")
    assert "refused" not in {job.experiment_name for job in client.jobs.list(list_view_type="All")}


def test_there_are_no_endpoints(client):
    for of, endpoint in ((client.online_endpoints, ManagedOnlineEndpoint(name="score-it", auth_mode="key")),
                         (client.batch_endpoints, BatchEndpoint(name="score-them"))):
        refused(lambda of=of: list(of.list()), "no endpoints", "run the model in a job")
        refused(lambda of=of, endpoint=endpoint: of.begin_create_or_update(endpoint).result(), "no endpoints")


def test_there_are_no_connections(client):
    assert list(client.connections.list()) == []
    refused(lambda: client.connections.create_or_update(WorkspaceConnection(
        name="feed", type="python_feed", target="https://feed.example",
        credentials=UsernamePasswordConfiguration(username="u", password="p"))), "no connections", "key vault")


def test_there_are_no_registries(client):
    assert list(client.registries.list()) == []
    refused(lambda: client.registries.begin_create(Registry(
        name="shelf", location="koreacentral",
        replication_locations=[RegistryRegionDetails(location="koreacentral")])).result(), "no registries", "in a workspace")


def test_a_job_that_was_fetched_and_is_submitted_under_another_name_is_another_one(client, cluster):
    job = client.jobs.create_or_update(command(
        command="echo ${{inputs.word}}", inputs={"word": "once"}, environment=Environment(image=IMAGE),
        compute=cluster.name, experiment_name="again", tags={"kind": "first"}, display_name="first"))
    again = client.jobs.get(job.name)
    again.name, again.tags = f"{job.name}_again", {"kind": "second"}
    made = client.jobs.create_or_update(again)
    assert (made.name, made.tags, made.command) == (f"{job.name}_again", {"kind": "second"}, job.command)
    assert client.jobs.get(job.name).tags == {"kind": "first"}
    assert made.creation_context.created_at >= job.creation_context.created_at
