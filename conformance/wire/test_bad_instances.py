"""Compute instances that cannot be: refused with a reason, and nothing is left."""

import pytest

from support.refusal import check_refusal

SCRIPT = {"scriptSource": "inline", "scriptData": "ZWNobw=="}


def instance(**settings):
    inner = {"vmSize": "STANDARD_D2_V2"}
    inner.update(settings)
    return {"location": "koreacentral", "properties": {"computeType": "ComputeInstance", "properties": inner}}


def schedules(**schedule):
    return {"schedules": {"computeStartStop": [{"action": "Stop", "triggerType": "Cron",
                                                "cron": {"expression": "0 18 * * *"}, **schedule}]}}


def setup(**script):
    return {"setupScripts": {"scripts": {"creationScript": {**SCRIPT, **script}}}}


@pytest.mark.parametrize("settings", [
    {"vmSize": None}, {"vmSize": "Standard_Nothing"}, {"vmSize": "Standard_D1"},
    {"idleTimeBeforeShutdown": "PT14M"}, {"idleTimeBeforeShutdown": "P4D"}, {"idleTimeBeforeShutdown": "soon"},
    {"idleTimeBeforeShutdown": 30}, {"applicationSharingPolicy": "Public"}, {"sshSettings": {"sshPublicAccess": "Ajar"}},
    schedules(action="Explode"), schedules(status="Perhaps"), schedules(triggerType="Moon"), schedules(cron={}),
    schedules(cron={"expression": "0 18 * * *", "timeZone": "Moon Standard Time"}),
    schedules(triggerType="Recurrence"), schedules(triggerType=7), {"schedules": {"computeStartStop": ["daily"]}},
    setup(scriptData="!"), setup(scriptSource="internet"), setup(timeout="soon"), setup(timeout="0m"), setup(timeout="P2D"),
])
def test_settings_that_cannot_be(wire, nothing_left, settings):
    path = f"{wire.workspace}/computes/desk"
    check_refusal(wire("PUT", path, json=instance(**settings)), path, 400)


@pytest.mark.parametrize("name", ["ab", "desk-1", "desk-", "1desk", "a" * 25])
def test_a_name_that_no_instance_can_have(wire, nothing_left, name):
    path = f"{wire.workspace}/computes/{name}"
    check_refusal(wire("PUT", path, json=instance()), path, 400)


@pytest.mark.parametrize("call, body", [
    ("start", None), ("resize", {"targetVMSize": "Standard_D3_v2"}), ("getAllowedVmSizesForResize", None),
    ("customServices", []), ("updateDataMounts", []), ("updateSchedules", {}), ("enableSso", {"enableSSO": True}),
    ("updateIdleShutdownSetting", {"idleTimeBeforeShutdown": "PT30M"}),
])
def test_what_a_cluster_cannot_be_asked(wire, nothing_left, call, body):
    path = f"{wire.workspace}/computes/steady/{call}"
    check_refusal(wire("POST", path, json=body), path, 400)
    nowhere = f"{wire.workspace}/computes/nowhere/{call}"
    check_refusal(wire("POST", nowhere, json=body), nowhere, 404)


def test_a_script_that_is_not_there_fails_the_setup_and_mistakes_change_nothing(wire):
    path = f"{wire.workspace}/computes/wire-desk"
    scripts = setup(scriptSource="workspaceStorage", scriptData="Users/nobody/there.sh")
    assert wire("PUT", path, json=instance(**scripts)).status_code == 201
    seen = set()
    while "SetupFailed" not in seen:
        seen.add(wire("GET", path).json()["properties"]["properties"]["state"])
    inner = wire("GET", path).json()["properties"]["properties"]
    assert "was not found in the workspace's default datastore" in inner["errors"][0]["error"]["message"]
    for call, body in (("resize", {}), ("resize", {"targetVMSize": "Huge"}), ("updateIdleShutdownSetting", {
            "idleTimeBeforeShutdown": "PT1M"}), ("customServices", {}), ("enableSso", {})):
        check_refusal(wire("POST", f"{path}/{call}", json=body), path, 400)
    check_refusal(wire("POST", f"{path}/start"), path, 400)
    assert wire("DELETE", f"{path}?underlyingResourceAction=Detach").status_code == 400
    assert wire("DELETE", f"{path}?underlyingResourceAction=Delete").status_code == 202
