"""Environments that are built from a folder with a Dockerfile, with the SDK v2."""

import pytest
from azure.ai.ml import command
from azure.ai.ml.entities import BuildContext, Environment
from azure.core.exceptions import HttpResponseError

from support.runs import FINAL
from support.waiting import wait_until


@pytest.fixture
def context(tmp_path):
    folder = tmp_path / "image"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "note.txt").write_text("from the folder")
    (folder / "Recipe").write_text(
        "ARG BASE=mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\nFROM ${BASE} AS first\nCOPY parts /parts\n"
        "FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\nCOPY --from=first /parts/note.txt /opt/note.txt\n")
    return BuildContext(path=str(folder), dockerfile_path="Recipe")


@pytest.fixture
def submit(client, cluster):
    def submit(environment):
        return client.jobs.create_or_update(command(
            command="cat /opt/note.txt > outputs/note.txt", environment=environment, compute=cluster.name,
            experiment_name="built"))
    return submit


@pytest.mark.runtime("docker")
def test_a_job_runs_in_what_is_built_from_a_folder(client, submit, context, tmp_path):
    made = client.environments.create_or_update(Environment(name="carved", build=context))
    job = submit(f"{made.name}:{made.version}")
    status = wait_until(lambda: client.jobs.get(job.name).status in FINAL and client.jobs.get(job.name).status,
                        f"the end of {job.name}", 120)
    assert status == "Completed", client.jobs.get(job.name)
    client.jobs.download(job.name, download_path=tmp_path / "all", all=True)
    (note,) = (tmp_path / "all").rglob("note.txt")
    assert note.read_text() == "from the folder"


@pytest.mark.runtime("process")
def test_a_folder_is_refused_where_there_is_no_docker(submit, context):
    with pytest.raises(HttpResponseError, match="a Docker build context .build., which needs a Docker engine"):
        submit(Environment(name="uncarved", build=context))
