"""The workspace's key vault with the SDK v1 (sdk-v1 §7), and that it gives nothing away."""

import pytest
from azureml._restclient.exceptions import ServiceException
from azureml.core import Datastore
from azureml.core.dataset import Dataset
from azureml.exceptions import UserErrorException


@pytest.fixture(scope="module")
def vault(ws):
    return ws.get_default_keyvault()


def test_secrets_are_set_read_listed_and_deleted(vault):
    vault.set_secret("token", "first")
    vault.set_secret("token", "second")
    vault.set_secrets({"one": "1", "two": "zwei: ü"})
    assert vault.get_secret("token") == "second"
    assert vault.get_secrets(["one", "two", "three"]) == {"one": "1", "two": "zwei: ü", "three": None}
    assert {secret["name"] for secret in vault.list_secrets()} == {"token", "one", "two"}
    vault.delete_secret("one")
    vault.delete_secrets(["two"])
    assert [secret["name"] for secret in vault.list_secrets()] == ["token"]
    with pytest.raises(ServiceException, match="NotFound|not found"):
        vault.get_secret("one")


def test_a_content_type_is_kept(vault):
    vault.set_secret("key", "k", "application/vnd.ms-password")
    assert vault.get_secret_content_type("key") == "application/vnd.ms-password"


@pytest.mark.parametrize("name", ["with_underscore", "a" * 128, "sp ace"])
def test_a_name_that_azure_does_not_take_is_refused(vault, name):
    before = vault.list_secrets()
    with pytest.raises(ServiceException, match="letters, digits and hyphens"):
        vault.set_secret(name, "value")
    assert vault.list_secrets() == before


def test_no_file_of_the_emulator_holds_what_was_kept_secret(ws, vault, emulator):
    word = "Xylophon-Quark-4711"
    vault.set_secret("hidden", word)
    assert vault.get_secret("hidden") == word
    Datastore.register_azure_blob_container(ws, "theirs", "container", "elsewhere", account_key=word, skip_validation=True)
    assert Datastore.get(ws, "theirs").account_key == word
    kept = [path for path in emulator.data.rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if word.encode() in path.read_bytes()]
    assert word not in emulator.log_tail(10_000)


def test_there_are_no_datasets(ws):
    assert dict(ws.datasets) == {}
    with pytest.raises(UserErrorException, match="Cannot find dataset"):
        Dataset.get_by_name(ws, "nothing")
