"""Data, models and components with the SDK v2: versions, labels, archive, what may change (contracts: sdk-v2 §7)."""

import re
import uuid

import pytest
from azure.ai.ml import Input, command, load_component
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    AzureBlobDatastore,
    AzureDataLakeGen1Datastore,
    AzureDataLakeGen2Datastore,
    AzureFileDatastore,
    BuildContext,
    Data,
    Environment,
    Model,
    OneLakeArtifact,
    OneLakeDatastore,
    SasTokenConfiguration,
    ServicePrincipalConfiguration,
)
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

LONG = re.compile(r"azureml://subscriptions/[^/]+/resourcegroups/[^/]+/workspaces/[^/]+/datastores/([^/]+)/paths/(.+)")
COMPONENT = """
name: {name}
version: {version}
type: command
display_name: Fit
inputs:
  data: {{type: uri_folder}}
  rate: {{type: number, default: 0.5}}
outputs:
  model: {{type: uri_folder}}
command: {command}
environment: azureml:AzureML-sklearn-1.0:1
"""


@pytest.fixture
def name():
    return "asset_" + uuid.uuid4().hex[:8]


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("a,b\n1,2\n")
    return file


def put(client, name, path, version=None, **more):
    more.setdefault("type", AssetTypes.URI_FILE)
    return client.data.create_or_update(Data(name=name, version=version, path=str(path), **more))


def component(client, folder, name, version="1", line="echo ${{inputs.data}} ${{inputs.rate}}"):
    file = folder / "component.yml"
    file.write_text(COMPONENT.format(name=name, version=version, command=line))
    return client.components.create_or_update(load_component(file))


class TestData:
    def test_a_file_is_uploaded_and_found_again(self, client, name, table):
        made = put(client, name, table, "7", description="small", tags={"team": "vision"})
        found = client.data.get(name, "7")
        store, path = LONG.fullmatch(found.path).groups()
        assert (store, path.startswith("LocalUpload/"), path.endswith("/table.csv")) == (
            "workspaceblobstore", True, True)
        assert found.id == made.id and found.id.endswith(f"/workspaces/laboratory/data/{name}/versions/7")
        assert (found.type, found.description, found.tags) == ("uri_file", "small", {"team": "vision"})
        assert found.creation_context.created_at and found.creation_context.created_by

    def test_a_folder_and_a_table_keep_their_type(self, client, name, tmp_path):
        folder = tmp_path / "folder"
        folder.mkdir()
        (folder / "MLTable").write_text("paths:\n  - file: ./part.csv\ntransformations: []\n")
        (folder / "part.csv").write_text("1,2\n")
        assert put(client, name, folder, "1", type=AssetTypes.URI_FOLDER).path.endswith("/folder/")
        table = client.data.create_or_update(
            Data(name=name, version="2", path=str(folder), type=AssetTypes.MLTABLE, skip_validation=True))
        assert [version.type for version in client.data.list(name)] == ["mltable", "uri_folder"]
        assert table.path.endswith("/folder/")

    def test_versions_count_themselves_and_latest_is_the_last_made(self, client, name, table):
        assert [put(client, name, table).version for _ in range(2)] == ["1", "2"]
        put(client, name, table, "cleaned")
        assert client.data.get(name, label="latest").version == "cleaned"
        assert put(client, name, table).version == "3"
        assert [version.version for version in client.data.list(name)] == ["3", "cleaned", "2", "1"]
        (container,) = [each for each in client.data.list() if each.name == name]
        assert (container.latest_version, container.type) == ("3", "uri_file")

    def test_what_a_version_points_at_cannot_change_but_what_describes_it_can(self, client, name, table, tmp_path):
        put(client, name, table, "1", tags={"stage": "raw"})
        other = tmp_path / "other.csv"
        other.write_text("3,4\n")
        with pytest.raises(ResourceExistsError, match="data version with this name and version already exists"):
            put(client, name, other, "1")
        found = client.data.get(name, "1")
        found.tags, found.description = {"stage": "seen"}, "looked at"
        client.data.create_or_update(found)
        again = client.data.get(name, "1")
        assert (again.tags, again.description, again.path) == ({"stage": "seen"}, "looked at", found.path)

    def test_archived_versions_and_names_are_left_out_of_lists(self, client, name, table):
        for version in "12":
            put(client, name, table, version)
        client.data.archive(name, version="2")
        assert [each.version for each in client.data.list(name)] == ["1"]
        assert client.data.get(name, label="latest").version == "1"
        assert [each.version for each in client.data.list(name, list_view_type="ArchivedOnly")] == ["2"]
        client.data.restore(name, version="2")
        assert len(list(client.data.list(name))) == 2
        client.data.archive(name)
        assert name not in [each.name for each in client.data.list()]
        assert name in [each.name for each in client.data.list(list_view_type="All")]
        client.data.restore(name)
        assert name in [each.name for each in client.data.list()]

    def test_a_url_stays_a_url(self, client, name):
        assert put(client, name, "https://example.org/iris.csv", "1").path == "https://example.org/iris.csv"
        assert client.data.get(name, "1").path == "https://example.org/iris.csv"

    def test_what_is_not_there_is_not_found(self, client, name):
        with pytest.raises(ResourceNotFoundError):
            client.data.get(name, "1")
        with pytest.raises(Exception, match="does not exist"):
            client.data.get(name, label="latest")

    def test_more_than_a_page_is_listed(self, client, name):
        for _ in range(103):
            put(client, name, "https://example.org/iris.csv")
        assert [int(each.version) for each in client.data.list(name)] == list(range(103, 0, -1))


class TestModels:
    def test_a_file_is_uploaded_and_comes_home(self, client, name, table, tmp_path):
        made = client.models.create_or_update(Model(
            name=name, path=str(table), description="first", tags={"a": "1"}, properties={"accuracy": "0.9"},
            flavors={"python_function": {"loader_module": "mlflow.sklearn"}}))
        assert (made.version, made.type) == ("1", "custom_model")
        assert LONG.fullmatch(made.path)
        found = client.models.get(name, "1")
        assert found.flavors == {"python_function": {"loader_module": "mlflow.sklearn"}}
        assert (found.properties["accuracy"], found.tags, found.description) == ("0.9", {"a": "1"}, "first")
        client.models.download(name, "1", download_path=str(tmp_path / "home"))
        (home,) = (path for path in (tmp_path / "home").rglob("*") if path.is_file())
        assert home.read_text() == table.read_text()

    def test_a_folder_comes_home(self, client, name, tmp_path):
        folder = tmp_path / "net"
        (folder / "layers").mkdir(parents=True)
        (folder / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n")
        (folder / "layers" / "one.bin").write_bytes(b"\0\1")
        made = client.models.create_or_update(Model(name=name, path=str(folder), type=AssetTypes.MLFLOW_MODEL))
        assert made.type == "mlflow_model" and made.flavors == {"python_function": {"loader_module": "mlflow.sklearn"}}
        client.models.download(name, made.version, download_path=str(tmp_path / "home"))
        assert (tmp_path / "home" / name / "net" / "layers" / "one.bin").read_bytes() == b"\0\1"

    def test_versions_labels_and_archive(self, client, name, table):
        for version in "123":
            client.models.create_or_update(Model(name=name, version=version, path=str(table)))
        assert client.models.get(name, label="latest").version == "3"
        client.models.archive(name, version="3")
        assert client.models.get(name, label="latest").version == "2"
        assert [each.version for each in client.models.list(name)] == ["2", "1"]
        client.models.restore(name, version="3")
        assert client.models.create_or_update(Model(name=name, path=str(table))).version == "4"
        (container,) = [each for each in client.models.list() if each.name == name]
        assert container.latest_version == "4"
        client.models.archive(name)
        assert name not in [each.name for each in client.models.list()]

    def test_another_file_needs_another_version(self, client, name, table, tmp_path):
        client.models.create_or_update(Model(name=name, version="1", path=str(table)))
        other = tmp_path / "other.bin"
        other.write_text("other")
        with pytest.raises(ResourceExistsError, match="model version with this name and version already exists"):
            client.models.create_or_update(Model(name=name, version="1", path=str(other)))

    def test_of_a_job_that_is_not_there(self, client, name):
        with pytest.raises(HttpResponseError, match="no job 'nobody'"):
            client.models.create_or_update(
                Model(name=name, path="azureml://jobs/nobody/outputs/artifacts/paths/model/"))
        with pytest.raises(ResourceNotFoundError):
            client.models.get(name, "1")


class TestComponents:
    def test_it_comes_back_as_the_service_says_it(self, client, name, tmp_path):
        made = component(client, tmp_path, name, "0.1")
        found = client.components.get(name, "0.1")
        assert found._to_dict() == made._to_dict()
        assert (found.name, found.version, found.display_name) == (name, "0.1", "Fit")
        # Known from azure-ai-ml's own tests: defaults are text, and each input says whether it is optional.
        inputs = found._to_dict()["inputs"]
        assert (inputs["rate"]["default"], inputs["data"]["optional"]) == ("0.5", False)

    def test_the_newest_is_the_default(self, client, name, tmp_path):
        for version in ("one", "two", "three"):
            component(client, tmp_path, name, version)
            assert client.components.get(name).version == version
            assert client.components.get(name, label="latest").version == version

    def test_what_it_does_cannot_change_but_what_describes_it_can(self, client, name, tmp_path):
        component(client, tmp_path, name)
        with pytest.raises(HttpResponseError, match="cannot change"):
            component(client, tmp_path, name, line="echo other")
        found = client.components.get(name, "1")
        found.display_name, found.description = "Fit better", "with care"
        client.components.create_or_update(found)
        again = client.components.get(name, "1")
        assert (again.display_name, again.description) == ("Fit better", "with care")

    def test_without_a_version_the_second_bears_its_time(self, client, name):
        # Known from azure-ai-ml's own tests of components.
        def make(line):
            fit = command(name=name, command=line, environment="azureml:AzureML-sklearn-1.0:1",
                          inputs={"rate": Input(type="number", default=1)}).component
            fit.name, fit.version = name, None
            return client.components.create_or_update(fit)

        assert make("echo 1").version == "1"
        assert re.fullmatch(r"\d{4}(-\d{2}){5}-\d{7}", make("echo 2").version)

    def test_the_label_of_an_environment_becomes_its_version(self, client, name, tmp_path):
        for version in ("foo", "bar"):
            client.environments.create_or_update(Environment(name=name, version=version, image="python:3.11"))
        file = tmp_path / "component.yml"
        file.write_text(COMPONENT.format(name=name, version="1", command="echo").replace(
            "azureml:AzureML-sklearn-1.0:1", f"azureml:{name}@latest"))
        assert client.components.create_or_update(load_component(file)).environment.endswith(
            f"/environments/{name}/versions/bar")

    def test_an_anonymous_one_keeps_its_own_name(self, client, name, tmp_path):
        file = tmp_path / "component.yml"
        file.write_text(COMPONENT.format(name=name, version="1", command="echo"))
        made = client.components.create_or_update(load_component(file), is_anonymous=True)
        assert made.name == name and "/components/azureml_anonymous/versions/" in made.id
        assert name not in [each.name for each in client.components.list()]

    def test_its_code_is_uploaded_once_and_archived_ones_are_left_out(self, client, name, tmp_path):
        code = tmp_path / "src"
        code.mkdir()
        (code / "fit.py").write_text("print('fit')")
        fit = command(name=name, command="python fit.py", code=str(code), environment=Environment(
            image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04")).component
        fit.name, fit.version = name, "1"
        first = client.components.create_or_update(fit)
        assert first.code.startswith("/subscriptions/") and "/codes/" in first.code
        assert "/CliV2AnonymousEnvironment/" in first.environment
        assert name in [each.name for each in client.components.list()]
        client.components.download(name, tmp_path / "home", version="1")
        spec = tmp_path / "home" / "component_spec.yaml"
        assert (tmp_path / "home" / "code" / "fit.py").read_text() == "print('fit')"
        assert load_component(spec)._to_dict()["command"] == "python fit.py"
        client.components.archive(name)
        assert name not in [each.name for each in client.components.list()]


DATASTORES = [
    AzureBlobDatastore(name="blobs", account_name="acc", container_name="con",
                       credentials=AccountKeyConfiguration(account_key="c2VjcmV0LWtleQ==")),
    AzureBlobDatastore(name="shared", account_name="acc", container_name="con",
                       credentials=SasTokenConfiguration(sas_token="sig=secret")),
    AzureBlobDatastore(name="open", account_name="acc", container_name="con"),
    AzureFileDatastore(name="files", account_name="acc", file_share_name="share",
                       credentials=AccountKeyConfiguration(account_key="c2VjcmV0LWtleQ==")),
    AzureDataLakeGen1Datastore(name="lake1", store_name="store", credentials=ServicePrincipalConfiguration(
        tenant_id="t", client_id="c", client_secret="secret-word")),
    AzureDataLakeGen2Datastore(name="lake2", account_name="acc", filesystem="fs",
                               credentials=ServicePrincipalConfiguration(
                                   tenant_id="t", client_id="c", client_secret="secret-word")),
    OneLakeDatastore(name="one", one_lake_workspace_name="w", endpoint="e",
                     artifact=OneLakeArtifact(name="lake", type="lake_house")),
]


class TestDatastores:
    @pytest.mark.parametrize("store", DATASTORES, ids=lambda store: store.name)
    def test_each_kind_is_kept_and_tells_its_secret_only_when_asked(self, client, store):
        store.description, store.tags = "kept", {"a": "1"}
        client.datastores.create_or_update(store)
        found = client.datastores.get(store.name)
        assert (type(found), found.description, found.tags) == (type(store), "kept", {"a": "1"})
        shown = str(list(vars(found.credentials).values()))
        assert "secret" not in shown and "c2VjcmV0" not in shown
        told = client.datastores.get(store.name, include_secrets=True)
        for secret in ("account_key", "sas_token", "client_secret"):
            assert getattr(told.credentials, secret, None) == getattr(store.credentials, secret, None)
        assert store.name in [each.name for each in client.datastores.list()]
        client.datastores.delete(store.name)
        with pytest.raises(ResourceNotFoundError):
            client.datastores.get(store.name)

    def test_one_that_is_sent_back_without_its_secret_keeps_it(self, client):
        client.datastores.create_or_update(DATASTORES[0])
        found = client.datastores.get("blobs")
        found.description = "changed"
        client.datastores.create_or_update(found)
        told = client.datastores.get("blobs", include_secrets=True)
        assert (told.description, told.credentials.account_key) == ("changed", "c2VjcmV0LWtleQ==")
        client.datastores.delete("blobs")

    def test_the_workspaces_own_ones_cannot_go(self, client):
        with pytest.raises(HttpResponseError, match="belongs to the workspace"):
            client.datastores.delete("workspaceblobstore")
        assert client.datastores.get_default().name == "workspaceblobstore"


class TestEnvironments:
    def test_versions_labels_archive_and_lists(self, client, name):
        for version in ("foo", "bar"):
            client.environments.create_or_update(Environment(
                name=name, version=version, image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04", tags={"a": "1"}))
            assert client.environments.get(name, label="latest").version == version
        client.environments.archive(name, version="bar")
        assert [each.version for each in client.environments.list(name)] == ["foo"]
        assert client.environments.get(name, label="latest").version == "foo"
        client.environments.restore(name, version="bar")
        assert name in [each.name for each in client.environments.list()]
        client.environments.archive(name)
        assert name not in [each.name for each in client.environments.list()]

    def test_a_build_context_is_uploaded_and_named(self, client, name, tmp_path):
        context = tmp_path / "context"
        context.mkdir()
        (context / "Dockerfile").write_text("FROM scratch\n")
        made = client.environments.create_or_update(Environment(name=name, build=BuildContext(path=str(context))))
        found = client.environments.get(name, made.version)
        assert found.build.dockerfile_path == "Dockerfile" and found.build.path.rstrip("/").endswith("/context")
        client.environments.create_or_update(found)

    def test_the_same_definition_is_the_same_version_and_another_the_next(self, client, name):
        def make(image):
            return client.environments.create_or_update(Environment(name=name, image=image)).version

        assert [make("python:3.11"), make("python:3.11"), make("python:3.12")] == ["1", "1", "2"]

    def test_curated_ones_are_there_and_their_names_are_reserved(self, client):
        listed = {each.name for each in client.environments.list()}
        assert "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu" in listed
        found = client.environments.get("AzureML-sklearn-0.24-ubuntu18.04-py37-cpu", "1")
        assert found.id.endswith("/environments/AzureML-sklearn-0.24-ubuntu18.04-py37-cpu/versions/1")
        assert client.environments.get("AzureML-Minimal", label="latest").image
        with pytest.raises(HttpResponseError, match="reserved"):
            client.environments.create_or_update(Environment(name="AzureML-mine", version="1", image="python:3.11"))


def test_registries_and_feature_stores_are_refused_by_name(client):
    with pytest.raises(Exception, match="feature stores"):
        client.feature_store_entities.get("entity", "1")
    with pytest.raises(HttpResponseError, match="registries"):
        client.registries.get("mine")
