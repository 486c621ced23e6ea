"""Datastores with the SDK v1: register, default, upload and download (contracts: sdk-v1 §8)."""

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azureml.core import Datastore
from azureml.exceptions import UserErrorException


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "up" / "deep").mkdir(parents=True)
    (tmp_path / "up" / "a.csv").write_text("1,2\n")
    (tmp_path / "up" / "deep" / "b.csv").write_text("3,4\n")
    return tmp_path / "up"


def test_what_is_uploaded_comes_back(ws, folder, tmp_path):
    store = ws.get_default_datastore()
    store.upload(str(folder), target_path="tables", show_progress=False)
    assert store.download(str(tmp_path / "home"), prefix="tables", show_progress=False) == 2
    assert (tmp_path / "home" / "tables" / "deep" / "b.csv").read_text() == "3,4\n"
    store.upload_files([str(folder / "a.csv")], target_path="single", show_progress=False)
    assert store.download(str(tmp_path / "home"), prefix="single", show_progress=False) == 1


def test_a_container_of_the_emulators_own_account_is_registered_and_used(ws, folder, tmp_path):
    own = ws.get_default_datastore()
    made = Datastore.register_azure_blob_container(
        ws, "extra", own.container_name, own.account_name, account_key=own.account_key)
    assert (made.name, made.datastore_type, made.container_name) == ("extra", "AzureBlob", own.container_name)
    made.upload(str(folder), target_path="extra", show_progress=False)
    assert Datastore.get(ws, "extra").download(str(tmp_path / "home"), prefix="extra", show_progress=False) == 2
    assert "extra" in ws.datastores
    made.set_as_default()
    assert ws.get_default_datastore().name == "extra"
    ws.set_default_datastore("workspaceblobstore")
    assert ws.get_default_datastore().name == "workspaceblobstore"
    made.unregister()
    assert "extra" not in ws.datastores
    with pytest.raises(UserErrorException):
        Datastore.get(ws, "extra")


def test_a_share_of_the_emulators_own_account_is_made_and_used(ws, folder, tmp_path):
    own = ws.get_default_datastore()
    store = Datastore.register_azure_file_share(ws, "shared", "shared", own.account_name, account_key=own.account_key)
    with pytest.raises(ResourceNotFoundError) as refused:
        store.file_service.get_share_properties()
    assert refused.value.error_code == "ShareNotFound"
    store.file_service.create_share()
    # More than the client sends at once, which it writes in ranges.
    (folder / "deep" / "big.bin").write_bytes(bytes(range(256)) * 20_000)
    store.upload(str(folder), target_path="tables", show_progress=False)
    assert store.download(str(tmp_path / "home"), prefix="tables", show_progress=False) == 3
    assert (tmp_path / "home" / "tables" / "deep" / "b.csv").read_text() == "3,4\n"
    assert (tmp_path / "home" / "tables" / "deep" / "big.bin").read_bytes() == bytes(range(256)) * 20_000
    deep = store.file_service.get_directory_client("tables").get_subdirectory_client("deep")
    assert [(entry.name, entry.is_directory) for entry in deep.list_directories_and_files()] == [
        ("b.csv", False), ("big.bin", False)]
    with pytest.raises(ResourceExistsError) as refused:
        deep.delete_directory()
    assert refused.value.error_code == "DirectoryNotEmpty"
    file = deep.get_file_client("b.csv")
    file.set_file_metadata({"kind": "table"})
    assert file.get_file_properties().metadata == {"kind": "table"}
    file.delete_file()
    with pytest.raises(ResourceNotFoundError) as refused:
        file.download_file()
    assert refused.value.error_code == "ResourceNotFound"
    with pytest.raises(ResourceNotFoundError) as refused:
        store.file_service.get_directory_client("nowhere").upload_file("a", b"1")
    assert refused.value.error_code == "ParentNotFound"
    with pytest.raises(ResourceExistsError):
        store.file_service.create_share()
    store.file_service.delete_share()


@pytest.mark.parametrize(
    "share, expected", [("No--Share", "InvalidResourceName"), ("ab", "OutOfRangeInput"), ("a" * 64, "OutOfRangeInput")])
def test_a_share_is_named_as_a_container_is(ws, share, expected):
    own = ws.get_default_datastore()
    store = Datastore.register_azure_file_share(
        ws, "misnamed", share, own.account_name, account_key=own.account_key, overwrite=True)
    with pytest.raises(HttpResponseError) as refused:
        store.file_service.create_share()
    assert (refused.value.status_code, refused.value.error_code) == (400, expected)


def test_one_of_that_name_is_overwritten_only_when_asked(ws):
    def register(container, **more):
        return Datastore.register_azure_blob_container(ws, "twice", container, "acc", account_key="a2V5", **more)

    register("first")
    with pytest.raises(UserErrorException, match="already exists"):
        register("second")
    assert register("second", overwrite=True).container_name == "second"


def test_other_kinds_are_kept(ws):
    share = Datastore.register_azure_file_share(ws, "share", "files", "acc", account_key="a2V5")
    assert (share.datastore_type, share.container_name) == ("AzureFile", "files")
    Datastore.register_azure_sql_database(
        ws, "sql", "server", "db", tenant_id="t", client_id="c", client_secret="hidden")
    found = Datastore.get(ws, "sql")
    assert (found.server_name, found.database_name, found.client_secret) == ("server", "db", "hidden")
    lake = Datastore.register_azure_data_lake_gen2(
        ws, "lake", "fs", "acc", tenant_id="t", client_id="c", client_secret="hidden")
    assert (lake.datastore_type, lake.container_name) == ("AzureDataLakeGen2", "fs")
    assert {"share", "sql", "lake"} <= set(ws.datastores)
