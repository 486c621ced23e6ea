"""What a start can be told of regions, of what may be attached and of evictions: a server of its own, which plays its nodes."""

import uuid

import pytest
import requests

from support.emulator import Emulator
from support.waiting import wait_until
from support.wire import Wire

# As `malachite up` and the environment of a start hand them on.
SETTINGS = [
    "-Dmalachite.attach.declared-only=true",
    "-Dmalachite.compute.max-nodes-per-cluster=3",
    "-Dmalachite.compute.sizes.westus2=Standard_D*,!Standard_D3_v2",
    "-Dmalachite.on-preemption=fail",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Emulator(tmp_path_factory.mktemp("told") / "data", "simulated")
    assert server.start_if_it_lives(SETTINGS), "it did not start"
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def wire(server):
    told = Wire(server, str(uuid.uuid4()))
    assert told("PUT", told.group, json={"location": "westus2"}).status_code == 201
    assert told("PUT", told.workspace, json={"location": "westus2", "properties": {}}).ok
    return told


def put(wire, name, compute_type, **properties):
    return wire("PUT", f"{wire.workspace}/computes/{name}", json={
        "location": "westus2", "properties": {"computeType": compute_type, **properties}})


def cluster(wire, name, size="STANDARD_D2_V2", nodes=1):
    return put(wire, name, "AmlCompute", properties={
        "vmSize": size, "scaleSettings": {"minNodeCount": 0, "maxNodeCount": nodes}})


def refused(answer, status, code, *said):
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code) and all(each in error["message"] for each in said), error


@pytest.mark.parametrize("compute_type, resource", [
    ("Batch", "Microsoft.Batch/batchAccounts/lab"),
    ("VirtualMachine", "Microsoft.Compute/virtualMachines/lab"),
    ("BatchAI", "Microsoft.BatchAI/workspaces/w/clusters/lab"),
])
def test_only_what_was_declared_is_attached(wire, compute_type, resource):
    resource = f"{wire.group}/providers/{resource}"
    more = {"properties": {"administratorAccount": {"username": "me", "password": "secret"}}}
    named = {"resourceId": resource, **(more if compute_type == "VirtualMachine" else {})}
    refused(put(wire, "attached", compute_type, **named), 404, "ResourceNotFound", "lab")
    assert wire("GET", f"{wire.workspace}/computes/attached").status_code == 404

    assert wire("PUT", resource, json={"location": "westus2", "properties": {}}).status_code == 201
    assert wire("GET", resource).json()["properties"]["provisioningState"] == "Succeeded"
    assert put(wire, "attached", compute_type, **named).status_code == 201
    shown = wire("GET", f"{wire.workspace}/computes/attached").json()["properties"]
    assert shown["isAttachedCompute"] and shown["resourceId"] == resource
    assert wire("DELETE", f"{wire.workspace}/computes/attached?underlyingResourceAction=Detach").status_code == 202
    assert wire("DELETE", resource).status_code == 200
    assert wire("GET", resource).status_code == 404


def test_a_cluster_has_as_many_nodes_as_were_said(wire):
    refused(cluster(wire, "vast", nodes=4), 400, "InvalidParameter", "4 is more than the 3 nodes")
    assert cluster(wire, "right", nodes=3).status_code == 201


def test_a_region_has_the_sizes_that_were_said(wire):
    def sizes(region):
        url = f"/subscriptions/{wire.subscription}/providers/Microsoft.MachineLearningServices/locations/{region}/vmSizes"
        return {each["name"] for each in wire("GET", url).json()["value"]}

    assert "Standard_D2_v2" in sizes("westus2") and not {"Standard_D3_v2", "Standard_NC6"} & sizes("westus2")
    assert {"Standard_D3_v2", "Standard_NC6"} <= sizes("eastus")
    for size in ("STANDARD_D3_V2", "STANDARD_NC6"):
        refused(cluster(wire, "elsewhere", size), 400, "InvalidVmSize", size, "in this region")


def test_a_region_has_a_number_of_computes(server, wire):
    def limit(most):
        return requests.put(f"{server.http}/_emulator/quota", json={
            "subscription": wire.subscription, "location": "westus2", "family": "computes", "limit": most})

    def usage():
        url = f"/subscriptions/{wire.subscription}/providers/Microsoft.MachineLearningServices/locations/westus2/usages"
        (found,) = [each for each in wire("GET", url).json()["value"] if each["name"]["value"] == "Clusters"]
        return found["currentValue"], found["limit"]

    cluster(wire, "right", nodes=3)
    used, most = usage()
    assert (used, most) == (1, 500)
    assert limit(2).json() == {"subscription": wire.subscription, "location": "westus2", "family": "computes",
                               "limit": 2, "used": 1}
    assert cluster(wire, "second").status_code == 201
    refused(cluster(wire, "third"), 400, "QuotaExceeded", "exceeding quota limits of Microsoft.BatchAI/Clusters",
            "Maximum allowed: 2, Current in use: 2")
    assert usage() == (2, 2)
    assert cluster(wire, "second", nodes=2).ok
    assert limit(None).ok
    assert cluster(wire, "third").status_code == 201


def test_an_eviction_fails_its_job_unless_it_says_otherwise(server, wire):
    def job(name):
        return f"{wire.workspace}/jobs/{name}"

    def standing(name):
        return wire("GET", job(name)).json()["properties"]["status"]

    def evicted(name, **wish):
        assert wire("PUT", job(name), json={"properties": {
            "jobType": "Command", "command": "true", "environmentId": f"{wire.workspace}/environments/made/versions/1",
            "computeId": f"{wire.workspace}/computes/spot", "tags": {"malachite.duration": "PT1H"}}}).status_code == 201
        wait_until(lambda: standing(name) == "Running", "the job to run")
        nodes = wire("POST", f"{wire.workspace}/computes/spot/listNodes").json()["nodes"]
        (node,) = [each["nodeId"] for each in nodes if each.get("runId") == name]
        server.evict(node, **wish)

    assert wire("PUT", f"{wire.workspace}/environments/made/versions/1",
                json={"properties": {"image": "made-up"}}).status_code == 201
    assert put(wire, "spot", "AmlCompute", properties={
        "vmSize": "STANDARD_D2_V2", "vmPriority": "LowPriority",
        "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2}}).ok
    evicted("for-good")
    wait_until(lambda: standing("for-good") == "Failed", "its end")
    details = wire("GET", f"/history/v1.0{wire.workspace}/runs/for-good/details", version=None).json()
    assert "PreemptionError: Nodes of this job got pre-empted." in details["error"]["error"]["message"]

    evicted("for-now", retry=True)
    wait_until(lambda: server.explain("for-now")["attempt"] == 2 and standing("for-now") == "Running", "its second attempt")
    assert wire("POST", f"{job('for-now')}/cancel").ok
    wait_until(lambda: standing("for-now") == "Canceled", "its end")
