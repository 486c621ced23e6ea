"""A workspace from its creation to its deletion (contracts: sdk-v1 §2)."""

import pytest
from azureml.core import Workspace
from azureml.exceptions import ProjectSystemException, WorkspaceException


def create(subscription, name, **more):
    return Workspace.create(
        name=name, subscription_id=subscription, resource_group="research", location="koreacentral",
        create_resource_group=True, show_output=False, **more)


def test_create_makes_the_resource_group_and_the_workspace(subscription):
    made = create(subscription, "first", tags={"team": "vision"}, sku="basic")
    assert (made.name, made.resource_group, made.subscription_id) == ("first", "research", subscription)
    assert made.location == "koreacentral"
    assert made.tags["team"] == "vision"


def test_create_shows_the_deployment(subscription, capsys):
    # The lines come from the deployment's operations, which the SDK polls beside the deployment.
    Workspace.create(name="shown", subscription_id=subscription, resource_group="research", location="koreacentral",
                     create_resource_group=True)
    assert "Deployed Workspace" in capsys.readouterr().out


def test_create_of_one_that_exists_is_refused_unless_exist_ok(ws, subscription):
    with pytest.raises(WorkspaceException, match="(?i)already exists"):
        create(subscription, ws.name)
    assert create(subscription, ws.name, exist_ok=True)._workspace_id == ws._workspace_id


def test_constructor_finds_it(ws):
    found = Workspace(ws.subscription_id, ws.resource_group, ws.name)
    assert found._workspace_id == ws._workspace_id


def test_names_are_found_whatever_their_case(ws):
    # ARM compares names without case (azure-resource-manager-rpc, "names are case-insensitive").
    assert Workspace(ws.subscription_id, ws.resource_group.upper(), ws.name.upper())._workspace_id == ws._workspace_id


@pytest.mark.parametrize("group, name", [("research", "nowhere"), ("no-such-group", "laboratory")])
def test_constructor_says_that_one_is_missing(ws, group, name):
    with pytest.raises((ProjectSystemException, WorkspaceException), match="(?i)not found|could not be found"):
        Workspace(ws.subscription_id, group, name)


def test_from_config_reads_what_write_config_wrote(ws, tmp_path, monkeypatch):
    ws.write_config(path=str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert Workspace.from_config()._workspace_id == ws._workspace_id


def test_from_config_reads_the_file_that_the_portal_hands_out(ws, tmp_path):
    config = tmp_path / "config.json"
    config.write_text('{"subscription_id": "%s", "resource_group": "%s", "workspace_name": "%s"}'
                      % (ws.subscription_id, ws.resource_group, ws.name))
    assert Workspace.from_config(path=str(config))._workspace_id == ws._workspace_id


def test_list_shows_those_of_the_subscription_and_of_a_group(ws):
    found = Workspace.list(ws.subscription_id)
    assert [each._workspace_id for each in found[ws.name]] == [ws._workspace_id]
    assert ws.name in Workspace.list(ws.subscription_id, resource_group=ws.resource_group)
    with pytest.raises(ProjectSystemException, match="(?i)not found"):
        Workspace.list(ws.subscription_id, resource_group="another")


def test_get_details_gives_the_resource(ws):
    details = ws.get_details()
    assert details["id"].lower().endswith(f"/workspaces/{ws.name}")
    assert details["provisioningState"] == "Succeeded"
    assert details["workspaceid"] == ws._workspace_id
    for part in ("storageAccount", "keyVault", "applicationInsights"):
        assert f"/resourceGroups/{ws.resource_group}/" in details[part]


def test_update_changes_description_and_tags(ws):
    ws.update(description="for trials", tags={"team": "speech"})
    again = Workspace.get(ws.name, subscription_id=ws.subscription_id, resource_group=ws.resource_group)
    assert again.get_details()["description"] == "for trials"
    assert again.tags["team"] == "speech"


def test_has_a_default_datastore(ws):
    assert ws.get_default_datastore().name == "workspaceblobstore"
    assert "workspaceartifactstore" in ws.datastores


def test_delete_removes_it_and_a_new_one_of_its_name_is_another(subscription):
    made = create(subscription, "passing")
    before = made._workspace_id
    made.delete()
    assert "passing" not in Workspace.list(subscription)
    with pytest.raises((ProjectSystemException, WorkspaceException)):
        Workspace(subscription, "research", "passing")
    # The SDK keys its snapshot cache by this id: an old one would submit snapshots that are gone.
    assert create(subscription, "passing")._workspace_id != before
