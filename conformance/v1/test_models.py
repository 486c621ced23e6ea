"""Models with the SDK v1: register, find, change, download, and the same ones with the SDK v2's REST (sdk-v1 §7)."""

import sys
import uuid

import pytest
from azureml.core import Environment, Experiment, Model
from azureml.exceptions import WebserviceException

from support.runs import ended, error_of, log_of
from support.wire import Wire

REGISTER = """
import sys
from azureml.core import Run
run = Run.get_context(allow_offline=False)
open("model.pkl", "w").write("weights")
run.upload_file("outputs/model.pkl", "model.pkl")
run.register_model(sys.argv[1], "outputs/model.pkl")
print("secret has", len(run.get_secret(sys.argv[1])), "letters")
"""


@pytest.fixture
def name():
    return "model-" + uuid.uuid4().hex[:8]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """The SDK uploads from below the current folder only."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def pickle(tmp_path):
    file = tmp_path / "model.pkl"
    file.write_bytes(b"\x80weights")
    return file


@pytest.fixture(scope="module")
def wire(emulator, subscription, ws):
    return Wire(emulator, subscription)


def register(ws, name, path, **more):
    return Model.register(ws, model_path=str(path), model_name=name, **more)


def test_a_file_is_registered_found_and_downloaded(ws, name, pickle, tmp_path):
    made = register(ws, name, pickle, tags={"area": "health"}, properties={"accuracy": "0.9"}, description="ridge",
                    model_framework=Model.Framework.SCIKITLEARN, model_framework_version="1.3")
    assert (made.id, made.version) == (f"{name}:1", 1)
    found = Model(ws, name)
    assert (found.tags, found.properties, found.description) == ({"area": "health"}, {"accuracy": "0.9"}, "ridge")
    assert (found.model_framework, found.model_framework_version) == ("ScikitLearn", "1.3")
    assert found.created_time and found.created_by and found.url.startswith("aml://asset/")
    home = found.download(target_dir=str(tmp_path / "home"))
    assert open(home, "rb").read() == b"\x80weights"
    assert list(found.get_sas_urls()) == ["model.pkl"]


def test_a_folder_keeps_its_shape(ws, name, tmp_path):
    folder = tmp_path / "net"
    (folder / "layers").mkdir(parents=True)
    (folder / "layers" / "one.bin").write_bytes(b"1")
    (folder / "top.json").write_text("{}")
    register(ws, name, folder)
    Model(ws, name).download(target_dir=str(tmp_path / "home"))
    assert (tmp_path / "home" / "net" / "layers" / "one.bin").read_bytes() == b"1"
    assert (tmp_path / "home" / "net" / "top.json").read_text() == "{}"


def test_versions_count_and_lists_are_narrowed(ws, name, pickle):
    register(ws, name, pickle, tags={"area": "health", "owner": "a"}, properties={"p": "1"})
    register(ws, name, pickle, tags={"area": "trade"})
    other = register(ws, name + "x", pickle, tags={"area": "health"})
    assert [model.version for model in Model.list(ws, name=name)] == [2, 1]
    assert (Model(ws, name).version, Model(ws, name, version=1).version) == (2, 1)
    assert Model(ws, id=f"{name}:1").tags["owner"] == "a"
    assert Model(ws, name, tags=[["area", "health"]]).version == 1
    assert [model.id for model in Model.list(ws, name=name, tags=["owner"])] == [f"{name}:1"]
    assert [model.id for model in Model.list(ws, name=name, properties=[["p", "1"]])] == [f"{name}:1"]
    assert {model.id for model in Model.list(ws, latest=True)} >= {f"{name}:2", other.id}
    assert f"{name}:1" not in {model.id for model in Model.list(ws, latest=True)}
    assert ws.models[name].version == 2
    with pytest.raises(WebserviceException, match="ModelNotFound"):
        Model(ws, name, version=3)
    with pytest.raises(WebserviceException, match="ModelNotFound"):
        Model(ws, name + "y")


def test_tags_properties_and_description_change(ws, name, pickle):
    made = register(ws, name, pickle, tags={"area": "health"}, properties={"p": "1"})
    made.add_tags({"seen": "yes"})
    made.remove_tags("area")
    made.add_properties({"q": "2"})
    made.update(description="looked at")
    found = Model(ws, name)
    assert (found.tags, found.properties, found.description) == ({"seen": "yes"}, {"p": "1", "q": "2"}, "looked at")


def test_a_deleted_one_is_gone_and_its_number_is_not_given_again(ws, name, pickle):
    register(ws, name, pickle).delete()
    with pytest.raises(WebserviceException, match="ModelNotFound"):
        Model(ws, name)
    assert Model.list(ws, name=name) == []
    assert register(ws, name, pickle).version == 2


def test_of_a_run(ws, name, pickle, tmp_path):
    run = Experiment(ws, "models").start_logging(snapshot_directory=None)
    run.upload_file("outputs/model.pkl", str(pickle))
    made = run.register_model(name, "outputs/model.pkl", tags={"from": "run"})
    run.complete()
    assert (made.run_id, made.experiment_name, made.run.id) == (run.id, "models", run.id)
    assert [model.id for model in Model.list(ws, run_id=run.id)] == [made.id]
    made.download(target_dir=str(tmp_path / "home"))
    assert (tmp_path / "home" / "model.pkl").read_bytes() == b"\x80weights"
    with pytest.raises(Exception, match="Could not locate"):
        run.register_model(name, "outputs/nothing.pkl")


def test_one_store_with_the_sdk_v2(ws, name, pickle, wire, tmp_path):
    """What azure-ai-ml sends and reads (conformance/v2/test_assets.py drives it), and azureml-core beside it."""
    register(ws, name, pickle, tags={"area": "health"}, description="ridge")
    one = wire("GET", f"{wire.workspace}/models/{name}/versions/1").json()
    assert one["properties"]["modelUri"].endswith("/model.pkl") and one["properties"]["flavors"] == {}
    assert (one["properties"]["tags"], one["properties"]["description"]) == ({"area": "health"}, "ridge")
    two = wire("PUT", f"{wire.workspace}/models/{name}/versions/2", json={"properties": {
        "modelUri": one["properties"]["modelUri"], "modelType": "mlflow_model", "tags": {"from": "v2"}}})
    assert two.status_code == 201
    found = Model(ws, name)
    assert (found.version, found.tags) == (2, {"from": "v2"})
    found.download(target_dir=str(tmp_path / "home"))
    assert (tmp_path / "home" / "model.pkl").read_bytes() == b"\x80weights"
    # Archived with the SDK v2, which sends the whole resource back: azureml-core's own part of it stays.
    one["properties"]["isArchived"] = True
    assert wire("PUT", f"{wire.workspace}/models/{name}/versions/1", json=one).status_code == 200
    assert [model.version for model in Model.list(ws, name=name)] == [2]
    assert Model(ws, name, version=1).url.startswith("aml://asset/")


@pytest.mark.runtime("process")
def test_a_job_registers_its_model_and_reads_a_secret(ws, name, submit, project):
    ws.get_default_keyvault().set_secret(name, "to be read by jobs")
    environment = Environment("with-the-sdk")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    run = submit(project({"train.py": REGISTER}), "train.py", arguments=[name], environment=environment)
    assert ended(run) == "Completed", error_of(run)
    assert Model(ws, name).run_id == run.id
    assert "secret has 18 letters" in log_of(run)
