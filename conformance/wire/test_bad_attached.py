"""Attaching what cannot be attached (documents 000, 001 and 003), and declaring what is no resource."""

import pytest

from support.refusal import check_refusal
from support.wire import cluster

ID = "/subscriptions/{sub}/resourceGroups/research/providers/"
OTHER = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/research/providers/"
SECRET = "hush-hush-7"
ACCOUNT = {"username": "me", "password": SECRET}


def body(kind, resource=None, **inner):
    return {"location": "koreacentral", "properties": {
        "computeType": kind, "resourceId": resource, "properties": inner}}


REFUSED = {
    "an unknown type": (body("Mainframe"), "ComputeTypeNotSupported"),
    "no type": ({"location": "koreacentral", "properties": {"properties": {}}}, "InvalidParameter"),
    "HDInsight cannot be created": (body("HDInsight", administratorAccount=ACCOUNT), "InvalidParameter"),
    "Batch cannot be created": (body("Batch"), "InvalidParameter"),
    "Databricks cannot be created": (body("Databricks", databricksAccessToken="x"), "InvalidParameter"),
    "Kubernetes cannot be created": (body("Kubernetes", namespace="default"), "InvalidParameter"),
    "not an id": (body("Batch", "batch"), "InvalidParameter"),
    "an id of another type": (body("Batch", ID + "Microsoft.Databricks/workspaces/b"), "InvalidParameter"),
    "Databricks of another subscription": (
        body("Databricks", OTHER + "Microsoft.Databricks/workspaces/b", databricksAccessToken="x"), "UserError"),
    "Databricks without a token": (body("Databricks", ID + "Microsoft.Databricks/workspaces/b"), "InvalidParameter"),
    "a machine without a user": (body("VirtualMachine", address="vm", administratorAccount={"password": "x"}),
                                 "InvalidParameter"),
    "a machine without credentials": (
        body("VirtualMachine", address="vm", administratorAccount={"username": "me", "password": ""}),
        "InvalidParameter"),
    "a machine's port": (body("VirtualMachine", address="vm", sshPort=99999, administratorAccount=ACCOUNT),
                         "InvalidParameter"),
    "a machine's port that is none": (body("VirtualMachine", address="vm", sshPort={"a": 1}, administratorAccount=ACCOUNT),
                                      "InvalidParameter"),
    "a user without end": (
        body("VirtualMachine", address="vm", administratorAccount={"username": "u" * 5000, "password": SECRET}),
        "InvalidParameter"),
    "a machine's address": (body("VirtualMachine", address="a b", administratorAccount=ACCOUNT), "InvalidParameter"),
    "HDInsight without credentials": (body("HDInsight", ID + "Microsoft.HDInsight/clusters/c"), "InvalidParameter"),
    "Kusto without its principal": (
        body("Kusto", ID + "Microsoft.Kusto/clusters/c", kustoConnectionString="https://c"), "InvalidParameter"),
    "agents of AKS": (body("AKS", agentCount=0), "InvalidParameter"),
    "purpose of AKS": (body("AKS", clusterPurpose="Fun"), "InvalidParameter"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_attach(wire, nothing_left, case):
    resource, code = REFUSED[case]
    named = resource["properties"].get("resourceId")
    if named:
        resource = {**resource, "properties": {
            **resource["properties"], "resourceId": named.replace("{sub}", wire.subscription)}}
    path = f"{wire.workspace}/computes/attached"

    error = check_refusal(wire("PUT", path, json=resource), path, 400, code)

    assert SECRET not in error["message"]


@pytest.fixture
def attached(wire):
    path = f"{wire.workspace}/computes/machine"
    assert wire("PUT", path, json=body(
        "VirtualMachine", address="vm", administratorAccount=ACCOUNT)).status_code == 201
    yield path
    assert wire("DELETE", path + "?underlyingResourceAction=Detach").status_code in (202, 204)


def test_what_a_client_calls_as_we_call_our_secrets_is_none(wire, attached):
    sent = {**body("VirtualMachine", address="vm", administratorAccount=ACCOUNT), "SealedKeys": "a.b", "SEALEDKEYS": "c"}
    assert wire("PUT", attached, json=sent).status_code == 201
    assert wire("POST", f"{attached}/listKeys").json()["administratorAccount"]["password"] == SECRET
    plain = f"{wire.workspace}/computes/steady"
    assert wire("PUT", plain, json={**cluster(), "SealedKeys": "x"}).status_code == 201
    assert wire("GET", plain).status_code == 200


def test_what_is_attached_stays_itself(wire, attached):
    delete = attached + "?underlyingResourceAction=Delete"
    check_refusal(wire("DELETE", delete), attached, 400, "UserError")
    check_refusal(wire("PUT", attached, json=body("Batch", ID.format(sub=wire.subscription) +
                                                  "Microsoft.Batch/batchAccounts/b")),
                  attached, 400, "InvalidPropertyChange")
    other_kind = wire("PUT", attached, json=cluster())
    assert other_kind.status_code == 400
    assert "'computeType'" in other_kind.text and "'VirtualMachine'" in other_kind.text, other_kind.text
    check_refusal(wire("PUT", attached, json=body(
        "VirtualMachine", ID.format(sub=wire.subscription) + "Microsoft.Compute/virtualMachines/v",
        administratorAccount=ACCOUNT)), attached, 400, "InvalidPropertyChange")
    for action in ("listNodes", "start", "stop", "restart", "enableSso"):
        check_refusal(wire("POST", f"{attached}/{action}", json={}), attached, 400, "UserError")


def test_secrets_are_told_to_who_asks_for_them_alone(wire, attached, emulator):
    update = wire("PUT", attached, json=body(
        "VirtualMachine", address="vm", administratorAccount={"username": "me", "password": None}))
    assert update.status_code == 201, update.text

    keys = wire("POST", attached + "/listKeys").json()

    assert keys == {"computeType": "VirtualMachine", "administratorAccount": ACCOUNT}
    for answer in (update, wire("GET", attached), wire("GET", f"{wire.workspace}/computes"),
                   wire("GET", f"/rp/workspaces{attached}")):
        assert SECRET not in answer.text and "sealed" not in answer.text
    kept = [file for file in emulator.data.rglob("*") if file.is_file()]
    assert kept
    for file in kept:
        assert SECRET.encode() not in file.read_bytes(), file


def test_a_created_one_is_not_detached(wire):
    path = f"{wire.workspace}/computes/steady?underlyingResourceAction=Detach"
    check_refusal(wire("DELETE", path), path, 400, "UserError")


def test_declared_resources(wire):
    machine = f"{wire.group}/providers/Microsoft.Compute/virtualMachines/Vm1"
    wanted = {"location": "Korea Central", "tags": {"a": "b"}, "properties": {
        "address": "10.0.0.1", "osProfile": {"adminUsername": "me", "adminPassword": "hidden"}}}

    made = wire("PUT", machine, json=wanted)
    assert made.status_code == 201, made.text
    assert wire("PUT", machine.lower(), json=wanted).status_code == 200
    found = wire("GET", machine).json()

    assert (found["location"], found["tags"], found["type"].lower()) == (
        "koreacentral", {"a": "b"}, "microsoft.compute/virtualmachines")
    assert found["properties"]["osProfile"] == {"adminUsername": "me"}
    for listed in (f"{wire.group}/providers/Microsoft.Compute/virtualMachines",
                   f"/subscriptions/{wire.subscription}/providers/Microsoft.Compute/virtualMachines"):
        assert [each["id"].lower() for each in wire("GET", listed).json()["value"]] == [machine.lower()]
    assert wire("DELETE", machine).status_code == 200
    assert wire("DELETE", machine).status_code == 204
    check_refusal(wire("GET", machine), machine, 404, "ResourceNotFound")


@pytest.mark.parametrize("path, resource, status, code", [
    ("{group}/providers/Microsoft.Storage/storageAccounts/a", {"location": "koreacentral"}, 404, "InvalidResourceType"),
    ("{group}/providers/Microsoft.Compute/virtualMachines/a", {}, 400, "LocationRequired"),
    ("{group}/providers/Microsoft.Compute/virtualMachines/a", {"location": "mars"}, 400,
     "LocationNotAvailableForResourceType"),
    ("{group}2/providers/Microsoft.Compute/virtualMachines/a", {"location": "koreacentral"}, 404,
     "ResourceGroupNotFound"),
])
def test_bad_declarations(wire, path, resource, status, code):
    path = path.replace("{group}", wire.group)
    check_refusal(wire("PUT", path, json=resource), path, status, code)
