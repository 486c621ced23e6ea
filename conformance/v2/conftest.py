"""A client of the SDK v2, and a workspace made with it."""

import uuid

import pytest


@pytest.fixture(scope="session")
def lab(emulator):
    """The subscription that all of this suite shares: the SDK waits ten seconds for a workspace, whoever makes it."""
    fresh = str(uuid.uuid4())
    emulator.env(fresh)
    return fresh


@pytest.fixture(scope="session")
def client(lab):
    """Bound to a workspace that it has made itself, in a group that it has made too."""
    from azure.ai.ml import MLClient
    from azure.ai.ml.entities import Workspace
    from azure.identity import DefaultAzureCredential
    from azure.mgmt.core.tools import parse_resource_id

    made = MLClient(DefaultAzureCredential(), lab, "research", "laboratory")
    group(lab, "research")
    created = made.workspaces.begin_create(Workspace(name="laboratory", location="koreacentral")).result()
    assert parse_resource_id(created.id)["resource_group"] == "research"
    return made


@pytest.fixture(scope="session")
def cluster(client):
    from azure.ai.ml.entities import AmlCompute

    return client.compute.begin_create_or_update(
        AmlCompute(name="cpu-cluster", size="Standard_D2_v2", min_instances=0, max_instances=2)).result()


def group(subscription, name):
    """Made through the management library, as users of the SDK v2 do."""
    import os

    from azure.identity import DefaultAzureCredential
    from azure.mgmt.resource.resources import ResourceManagementClient

    from support.wire import resource_manager

    endpoint = resource_manager(os.environ)
    ResourceManagementClient(
        DefaultAzureCredential(), subscription, base_url=endpoint, credential_scopes=[endpoint + "/.default"],
    ).resource_groups.create_or_update(name, {"location": "koreacentral"})
