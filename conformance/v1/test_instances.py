"""A compute instance from its creation to its deletion, with the SDK v1 (contracts: sdk-v1 §4.1; document 003)."""

import base64
import sys
import uuid
from pathlib import Path

import pytest
import requests
from azureml.core import Workspace
from azureml.core.compute import ComputeInstance, ComputeTarget
from azureml.core.compute_target import ComputeTargetException

from support.runs import ended, error_of, log_of, reached
from support.waiting import wait_until
from support.wire import Wire


def configuration(**more):
    return ComputeInstance.provisioning_configuration(vm_size="STANDARD_D2_V2", **more)


@pytest.fixture(scope="module")
def instance(ws):
    made = ComputeInstance.create(ws, "ci" + ws._workspace_id[:8], configuration(
        tags={"team": "vision"}, description="a desk", ssh_public_access=False))
    made.wait_for_completion(show_output=True)
    return made


def state(instance):
    return instance.get_status().state


def test_it_runs_and_has_the_parts_that_the_sdk_knows(ws, instance):
    found = ComputeTarget(ws, instance.name)
    assert isinstance(found, ComputeInstance) and found.provisioning_state == "Succeeded"
    assert found.vm_size == "STANDARD_D2_V2" and found.tags == {"team": "vision"} and found.description == "a desk"
    assert not found.ssh_public_access and found.admin_username == "azureuser"
    assert {each["displayName"] for each in found.applications} >= {"Jupyter", "Jupyter Lab"}
    assert all(each["endpointUri"].startswith("https://") for each in found.applications)
    status = found.get_status()
    assert status.state == "Running" and not status.errors
    assert status.created_by_user_name and status.created_by_user_id and status.created_by_user_org
    assert instance.name in ws.compute_targets


def test_where_rstudio_would_be_it_is_said_that_there_is_none(ws, instance):
    (rstudio,) = [each["endpointUri"] for each in instance.applications if each["displayName"] == "RStudio"]
    shown = requests.get(rstudio, headers={"Accept": "text/html", **ws._auth.get_authentication_header()})
    assert shown.status_code == 404 and "RStudio is not on this machine" in shown.text and "Jupyter Lab" in shown.text
    assert requests.get(rstudio, headers=ws._auth.get_authentication_header()).json()["error"]["code"] == "NotFound"


def test_it_is_stopped_started_and_restarted(instance, capsys):
    instance.stop(wait_for_completion=True, show_output=True)
    assert state(instance) == "Stopped"
    with pytest.raises(ComputeTargetException, match="does not support"):
        instance.restart()
    instance.start(wait_for_completion=True, show_output=True)
    assert state(instance) == "Running"
    instance.restart(wait_for_completion=True)
    assert state(instance) == "Running"
    with pytest.raises(ComputeTargetException, match="does not support Start"):
        instance.start()


def test_single_sign_on_is_switched(instance):
    assert instance.update_sso_settings(False)
    assert instance.update_sso_settings(True)


def test_it_is_deleted_and_not_detached(instance):
    with pytest.raises(ComputeTargetException, match="Detach is not supported"):
        instance.detach()


@pytest.mark.parametrize("name, reason", [("ci", "Invalid"), ("desk-12", "Invalid"), ("desk-", "Invalid"), ("a" * 25, "Invalid")])
def test_a_bad_name_is_refused(ws, name, reason):
    with pytest.raises(ComputeTargetException, match=f"Reason: {reason}. Message: A name for an Azure ML Compute"):
        ComputeInstance.create(ws, name, configuration())


def test_its_name_is_taken_in_the_whole_region(instance, emulator):
    other = str(uuid.uuid4())
    emulator.env(other)
    elsewhere = Workspace.create(name="other", subscription_id=other, resource_group="other", location="koreacentral",
                                 create_resource_group=True, show_output=False)
    with pytest.raises(ComputeTargetException, match="Reason: AlreadyExists. Message: The specified name"):
        ComputeInstance.create(elsewhere, instance.name, configuration())


def test_nodes_cannot_be_listed(ws, instance, emulator):
    wire = Wire(emulator, ws.subscription_id)
    answer = wire("POST", f"{wire.workspace}/computes/{instance.name}/listNodes")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "ComputeListNodes with computeType ComputeInstance is not supported."


@pytest.mark.runtime("process")
def test_inside_nobody_signs_in(ws, emulator):
    """Run as a setup script: all that runs in an instance has the same variables."""
    wire = Wire(emulator, ws.subscription_id)
    path = f"{wire.workspace}/computes/inside{ws._workspace_id[:8]}"
    script = f"{sys.executable} {Path(__file__).parent / 'scripts' / 'inside.py'}"
    answer = wire("PUT", path, json={"location": "koreacentral", "properties": {
        "computeType": "ComputeInstance", "properties": {"vmSize": "STANDARD_D2_V2", "setupScripts": {"scripts": {
            "startupScript": {"scriptSource": "inline", "scriptData": base64.b64encode(script.encode()).decode()}}}}}})
    assert answer.status_code == 201, answer.text
    wait_until(lambda: wire("GET", path).json()["properties"]["properties"]["state"] in ("Running", "SetupFailed"),
               "the script's end", 120)
    said = requests.get(f"{emulator.http}/_emulator/instances/{ws._workspace_id}/{path.rsplit('/', 1)[1]}/log").text
    wire("DELETE", path)
    assert "workspace laboratory of ['laboratory']" in said and "metrics {'answer': 42" in said, said


@pytest.mark.runtime("process", "docker")
def test_jobs_run_side_by_side_and_the_rest_waits(instance, submit, project):
    folder = project({"train.py": "import hold\nprint('began', flush=True)\nhold.until('go', deadline=150)"})
    runs = [submit(folder, "train.py", target=instance) for _ in range(3)]
    first, second, third = runs
    reached(first, "Running")
    reached(second, "Running")
    assert third.get_status() == "Queued"
    assert state(instance) == "JobRunning"
    assert first.get_properties()["_azureml.ComputeTargetType"] == "amlcdsi"
    for run in runs:
        run.tag("go", "yes")
    for run in runs:
        assert ended(run) == "Completed", error_of(run)
    assert "began" in log_of(third)
    wait_until(lambda: state(instance) == "Running", "the instance to be without jobs")


def test_it_is_gone_when_it_is_deleted(ws, instance):
    instance.delete(wait_for_completion=True, show_output=True)
    assert instance.name not in ws.compute_targets
