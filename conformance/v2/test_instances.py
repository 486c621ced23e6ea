"""Compute instances with the SDK v2 on a clock that the test turns (contracts: sdk-v2 §4; service-facts §2)."""

import base64
import sys
from pathlib import Path

import pytest
import requests
from azure.ai.ml import command
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.entities import (
    AssignedUserConfiguration, ComputeInstance, ComputeInstanceSshSettings, ComputePowerAction, ComputeSchedules,
    ComputeStartStopSchedule, CronTrigger, Environment, RecurrencePattern, RecurrenceTrigger, ScriptReference,
    SetupScripts)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from support.waiting import wait_until
from support.wire import Wire

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ someone@somewhere"
SIZE = "Standard_D2_v2"


@pytest.fixture(scope="module", autouse=True)
def standing_clock(emulator):
    """Nothing is due unless the test says so."""
    emulator.clock("manual")
    yield
    emulator.clock("real")


@pytest.fixture
def create(client):
    """Makes instances that are gone after the test."""
    made = []

    def create(name, **settings):
        made.append(name)
        return client.compute.begin_create_or_update(ComputeInstance(name=name, size=SIZE, **settings)).result()

    yield create
    for name in made:
        client.compute.begin_delete(name).result()


@pytest.fixture
def wire(emulator, lab, client):
    return Wire(emulator, lab)


def cores(client):
    """Of the usual family, as the SDK lists them: its entities bear the service's own names."""
    return next(each.currentValue for each in client.compute.list_usage() if each.name["value"] == "standardDv2Family")


def at(wire, name):
    return f"{wire.workspace}/computes/{name}"


def test_every_field_comes_back(client, create):
    made = create(
        "every-field", description="a desk", tags={"team": "vision"}, ssh_public_access_enabled=True,
        ssh_settings=ComputeInstanceSshSettings(ssh_key_value=KEY), idle_time_before_shutdown_minutes=30,
        create_on_behalf_of=AssignedUserConfiguration(user_tenant_id="t-1", user_object_id="o-1"),
        enable_sso=False, enable_root_access=False, release_quota_on_stop=True, enable_os_patching=True)
    assert made.provisioning_state == "Succeeded" and made.state == "Running"
    found = client.compute.get("every-field")
    assert (found.size, found.description, found.tags) == ("STANDARD_D2_V2", "a desk", {"team": "vision"})
    assert found.idle_time_before_shutdown_minutes == 30
    assert found.ssh_public_access_enabled and found.ssh_settings.ssh_key_value == KEY
    assert found.ssh_settings.admin_username == "azureuser"
    assert found.create_on_behalf_of.user_object_id == "o-1"
    assert not found.enable_sso and not found.enable_root_access
    assert found.release_quota_on_stop and found.enable_os_patching
    assert {each["displayName"] for each in found.services} >= {"Jupyter", "Jupyter Lab"}
    last = found.last_operation
    assert (last["operationName"], last["operationStatus"], last["operationTrigger"]) == ("Create", "Succeeded", "User")
    assert found.os_image_metadata.is_latest_os_image_version
    assert "every-field" in [each.name for each in client.compute.list(compute_type="computeinstance")]


def test_power_and_quota(client, create):
    before = cores(client)
    create("powered")
    assert cores(client) - before == 2
    client.compute.begin_stop("powered").result()
    stopped = client.compute.get("powered")
    assert stopped.state == "Stopped" and stopped.last_operation["operationName"] == "Stop"
    # A stopped instance keeps its quota (document 003).
    assert cores(client) - before == 2
    with pytest.raises(HttpResponseError, match="does not support Stop"):
        client.compute.begin_stop("powered").result()
    client.compute.begin_start("powered").result()
    client.compute.begin_restart("powered").result()
    assert client.compute.get("powered").state == "Running"
    client.compute.enable_sso(name="powered", enable_sso=False)
    assert not client.compute.get("powered").enable_sso
    with pytest.raises(HttpResponseError, match="vmSize"):
        client.compute.begin_create_or_update(ComputeInstance(name="powered", size="Standard_D3_v2")).result()
    with pytest.raises(HttpResponseError, match="ComputeListNodes with computeType ComputeInstance is not supported"):
        list(client.compute.list_nodes("powered"))


@pytest.mark.parametrize("name", ["ci", "desk-1", "1desk", "x" * 25])
def test_a_bad_name_is_refused(client, name):
    with pytest.raises(HttpResponseError, match="A name for an Azure ML Compute Instance must be"):
        client.compute.begin_create_or_update(ComputeInstance(name=name, size=SIZE)).result()


def test_it_follows_its_schedules(client, create, emulator):
    made = create("scheduled", schedules=ComputeSchedules(compute_start_stop=[
        ComputeStartStopSchedule(
            action=ComputePowerAction.STOP,
            trigger=CronTrigger(expression="0 18 * * *", time_zone=TimeZone.KOREA_STANDARD_TIME)),
        ComputeStartStopSchedule(
            action=ComputePowerAction.START,
            trigger=RecurrenceTrigger(frequency="day", interval=1, time_zone=TimeZone.KOREA_STANDARD_TIME,
                                      schedule=RecurrencePattern(hours=[8], minutes=[30]))),
        ComputeStartStopSchedule(
            action=ComputePowerAction.STOP, state="Disabled", trigger=CronTrigger(expression="*/5 * * * *"))]))
    schedules = made.schedules.compute_start_stop
    assert [each.provisioning_state for each in schedules] == ["Completed"] * 3
    assert len({each.schedule_id for each in schedules}) == 3
    assert [each.schedule_id for each in client.compute.get("scheduled").schedules.compute_start_stop] == [
        each.schedule_id for each in schedules]
    wanted, seen = {("Stopped", "Schedule"), ("Running", "Schedule")}, set()
    for _ in range(48):  # In the evening the next stop is a day away, and the start after it half a day more.
        emulator.advance("PT1H")
        found = client.compute.get("scheduled")
        seen.add((found.state, found.last_operation["operationTrigger"]))
        if wanted <= seen:
            return
    assert wanted <= seen


def test_it_goes_to_sleep_when_nobody_needs_it(client, create, emulator):
    create("sleepy", idle_time_before_shutdown_minutes=15)
    emulator.advance("PT14M")
    assert client.compute.get("sleepy").state == "Running"
    emulator.advance("PT2M")
    found = wait_until(lambda: next((each for each in [client.compute.get("sleepy")] if each.state == "Stopped"), None),
                       "the instance to be stopped")
    assert found.last_operation["operationTrigger"] == "IdleShutdown"
    with pytest.raises(HttpResponseError, match="idleTimeBeforeShutdown"):
        client.compute.begin_create_or_update(
            ComputeInstance(name="sleepy", size=SIZE, idle_time_before_shutdown_minutes=5)).result()


def test_a_script_that_fails_is_told(client, wire, emulator):
    body = {"location": "koreacentral", "properties": {"computeType": "ComputeInstance", "properties": {
        "vmSize": SIZE, "setupScripts": {"scripts": {"creationScript": {
            "scriptSource": "inline", "scriptData": base64.b64encode(b"echo from the script\nexit 3\n").decode(),
            "timeout": "10m"}}}}}}
    assert wire("PUT", at(wire, "broken"), json=body).status_code == 201
    failed = wait_until(lambda: next((each for each in [wire("GET", at(wire, "broken")).json()["properties"]["properties"]]
                                      if each["state"] == "SetupFailed"), None), "the script to fail")
    assert "exit code 3" in failed["errors"][0]["error"]["message"]
    assert failed["lastOperation"]["operationStatus"] == "CreateFailed"
    client.compute.begin_delete("broken").result()


def test_scripts_of_the_sdk_run(client, create, emulator):
    made = create("set-up", setup_scripts=SetupScripts(
        startup_script=ScriptReference(command="echo started", timeout_minutes=5)))
    assert made.state == "Running" and made.setup_scripts.startup_script.command == "echo started"


@pytest.mark.runtime("process")
def test_inside_nobody_signs_in(client, create, emulator):
    script = f"{sys.executable} {Path(__file__).parent / 'scripts' / 'inside.py'}"
    create("inside", setup_scripts=SetupScripts(startup_script=ScriptReference(command=script, timeout_minutes=5)))
    workspace = client.workspaces.get(client.workspace_name)._workspace_id
    said = requests.get(f"{emulator.http}/_emulator/instances/{workspace}/inside/log").text
    assert "workspace laboratory of ['laboratory']" in said and "log a line" in said, said


def test_its_other_settings(client, create, wire):
    create("other-settings")
    at_it = at(wire, "other-settings")
    assert wire("POST", at_it + "/updateIdleShutdownSetting", json={"idleTimeBeforeShutdown": "PT1H"}).status_code == 200
    services = [{"name": "mine", "image": {"type": "docker", "reference": "a/b"}, "endpoints": [], "volumes": []}]
    assert wire("POST", at_it + "/customServices", json=services).status_code == 200
    assert [each.name for each in client.compute.get("other-settings").custom_applications] == ["mine"]
    inner = wire("GET", at_it).json()["properties"]["properties"]
    assert inner["idleTimeBeforeShutdown"] == "PT1H" and inner["customServices"] == services
    daily = {"computeStartStop": [{"action": "Stop", "triggerType": "Cron", "cron": {"expression": "0 18 * * *"}}]}
    assert wire("POST", at_it + "/updateSchedules", json={"schedules": daily}).status_code == 200
    assert client.compute.get("other-settings").schedules.compute_start_stop[0].trigger.expression == "0 18 * * *"
    assert wire("POST", at_it + "/updateSchedules", json={}).status_code == 200
    assert wire("GET", at_it).json()["properties"]["properties"]["schedules"] is None
    allowed = [each["name"] for each in wire("POST", at_it + "/getAllowedVmSizesForResize").json()["value"]]
    assert "Standard_D3_v2" in allowed
    answer = wire("POST", at_it + "/resize", json={"targetVMSize": "Standard_D3_v2"})
    assert answer.status_code == 202 and "Azure-AsyncOperation" in answer.headers
    resized = wait_until(lambda: next((each for each in [client.compute.get("other-settings")]
                                       if each.state == "Running"), None), "the instance to run again")
    assert resized.size == "STANDARD_D3_V2" and resized.last_operation["operationName"] == "Resize"
    assert inner["createdBy"] == wire("GET", at_it).json()["properties"]["properties"]["createdBy"]


@pytest.mark.runtime("process", "docker")
def test_a_command_job_runs_on_it(client, create, emulator):
    create("workplace")
    emulator.clock("real")
    job = client.jobs.create_or_update(command(
        command="echo here", environment=Environment(image=IMAGE), compute="workplace", experiment_name="desk"))
    client.jobs.stream(job.name)
    done = client.jobs.get(job.name)
    emulator.clock("manual")
    assert done.status == "Completed" and done.properties["_azureml.ComputeTargetType"] == "amlcdsi"
    with pytest.raises(HttpResponseError, match="is a compute instance"):
        client.jobs.create_or_update(command(
            command="echo here", environment=Environment(image=IMAGE), compute="workplace", instance_count=2,
            distribution={"type": "PyTorch", "process_count_per_instance": 1}))


def test_it_is_gone_when_it_is_deleted(client, create):
    create("gone-soon")
    client.compute.begin_delete("gone-soon").result()
    with pytest.raises(ResourceNotFoundError):
        client.compute.get("gone-soon")
