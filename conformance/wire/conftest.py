"""Plain requests against one workspace, and a promise that is checked after each test: nothing half-written is left."""

import pytest

from support.waiting import wait_until
from support.wire import Wire, cluster, everything


@pytest.fixture(scope="module")
def wire(emulator, subscription):
    """The workspace `laboratory` in the group `research`, with the cluster `steady`, which has no nodes."""
    send = Wire(emulator, subscription)
    assert send("PUT", send.group, json={"location": "koreacentral"}).status_code == 201
    made = send("PUT", send.workspace, json={"location": "koreacentral", "properties": {}})
    assert made.status_code in (200, 202), made.text
    wait_until(lambda: send("GET", send.workspace).json()["properties"]["provisioningState"] == "Succeeded",
               "the workspace")
    assert send("PUT", f"{send.workspace}/computes/steady", json=cluster()).status_code in (200, 201)
    return send


@pytest.fixture(scope="module")
def before(wire):
    return everything(wire)


@pytest.fixture
def nothing_left(wire, before):
    """For tests whose requests are all refused."""
    yield
    assert everything(wire) == before
