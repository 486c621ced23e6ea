"""A workspace with the SDK v2 (contracts: sdk-v2 §3)."""

import pytest
from azure.ai.ml import MLClient
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential


def test_the_workspace_has_what_was_asked_for(client):
    found = client.workspaces.get("laboratory")
    assert (found.name, found.location, found.resource_group) == ("laboratory", "koreacentral", "research")
    assert found.mlflow_tracking_uri.startswith("azureml://")
    assert found.storage_account and found.key_vault and found.application_insights


def test_it_is_listed_by_group_and_by_subscription(client):
    assert [each.name for each in client.workspaces.list()] == ["laboratory"]
    assert "laboratory" in [each.name for each in client.workspaces.list(scope="subscription")]


def test_from_config_reads_the_file(client, lab, tmp_path):
    (tmp_path / "config.json").write_text(
        '{"subscription_id": "%s", "resource_group": "research", "workspace_name": "laboratory"}' % lab)
    found = MLClient.from_config(DefaultAzureCredential(), path=str(tmp_path))
    assert found.workspaces.get().name == "laboratory"


def test_update_keeps_what_is_not_named(client):
    workspace = client.workspaces.get("laboratory")
    workspace.description = "for trials"
    client.workspaces.begin_update(workspace).result()
    again = client.workspaces.get("laboratory")
    assert again.description == "for trials" and again.location == "koreacentral"


def test_a_missing_one_is_resource_not_found(client):
    with pytest.raises(ResourceNotFoundError):
        client.workspaces.get("nowhere")


def test_default_datastores_are_there(client):
    assert client.datastores.get_default().name == "workspaceblobstore"
    assert "workspaceartifactstore" in [each.name for each in client.datastores.list()]
