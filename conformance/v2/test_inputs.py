"""Inputs and named outputs of command jobs with the SDK v2 (contracts: sdk-v2 §5; modes as Azure's documentation has them)."""

import json

import pytest
from azure.ai.ml import Input, Output, command
from azure.ai.ml.entities import Environment
from azure.core.exceptions import HttpResponseError

from support.runs import FINAL
from support.waiting import wait_until

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
STORE = "azureml://datastores/workspaceblobstore/paths/"
# Says what it finds, and leaves something in each of its outputs.
SCRIPT = """
import json, os, sys
arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
found = {"arguments": arguments, "environment": {k: v for k, v in os.environ.items() if k.startswith("AZURE_ML_")}}
for name, path in arguments.items():
    if os.path.isfile(path):
        found[name] = open(path).read()
    elif os.path.isdir(path):
        found[name] = sorted(os.path.relpath(os.path.join(top, each), path)
                             for top, _, files in os.walk(path) for each in files)
print(json.dumps(found))
os.makedirs("outputs", exist_ok=True)
json.dump(found, open("outputs/found.json", "w"))
"""
LEAVE = """
import os, pathlib, sys
for each in sys.argv[1:]:
    path = pathlib.Path(each)
    if path.suffix:
        path.write_text("one file")
    else:
        (path / "deep/er").mkdir(parents=True)
        (path / "deep/er/b.txt").write_text("b")
        (path / "a ä.txt").write_text("a")
"""


@pytest.fixture
def run(client, cluster, tmp_path):
    """Runs a script to its end; gives the job."""
    def run(script, line, **more):
        code = tmp_path / "src"
        code.mkdir(exist_ok=True)
        (code / "main.py").write_text(script)
        expected = more.pop("expected", "Completed")
        job = client.jobs.create_or_update(command(
            code=str(code), command="python main.py " + line, environment=Environment(image=IMAGE),
            compute=cluster.name, experiment_name="io", **more))
        assert ended(client, job.name) == expected
        return client.jobs.get(job.name)
    return run


@pytest.fixture
def looked(client, run, tmp_path):
    """Runs a job that looks at its inputs; gives what it found."""
    def looked(line, **more):
        job = run(SCRIPT, line, **more)
        client.jobs.download(job.name, download_path=str(tmp_path / job.name))
        return json.loads((tmp_path / job.name / "artifacts/outputs/found.json").read_text())
    return looked


@pytest.fixture(scope="module")
def stored(client, tmp_path_factory):
    """A folder of two files in the default datastore, put there as the SDK does it."""
    folder = tmp_path_factory.mktemp("local") / "numbers"
    (folder / "more").mkdir(parents=True)
    (folder / "one.csv").write_text("1,one")
    (folder / "more/two.csv").write_text("2,two")
    put(client, "shared/numbers/one.csv", b"1,one")
    put(client, "shared/numbers/more/two.csv", b"2,two")
    return folder


def ended(client, name):
    return wait_until(lambda: (status := client.jobs.get(name).status) in FINAL and status, "the job's end", 60)


def container(client):
    """The default datastore's container, as a client of blob storage sees it."""
    from azure.ai.ml._artifacts._artifact_utilities import get_datastore_info
    from azure.ai.ml._artifacts._blob_storage_helper import BlobStorageClient

    info = get_datastore_info(client.datastores, "workspaceblobstore")
    return BlobStorageClient(info["credential"], info["account_url"], info["container_name"]).container_client


def put(client, path, content):
    container(client).upload_blob(path, content, overwrite=True)


def test_literals_come_as_the_sdk_sends_them(looked):
    found = looked("--rate ${{inputs.rate}} --flag ${{inputs.flag}} $[[--absent ${{inputs.absent}}]] --end '${{inputs.end}}'",
                   inputs={"rate": 0.25, "flag": True, "absent": Input(type="string", optional=True), "end": "a b"})
    assert found["arguments"] == {"--rate": "0.25", "--flag": "True", "--end": "a b"}


def test_files_and_folders_of_a_datastore(client, stored, looked):
    long_form = "azureml://subscriptions/%s/resourcegroups/research/workspaces/laboratory/datastores/workspaceblobstore/paths/"
    found = looked(
        "--file ${{inputs.file}} --folder ${{inputs.folder}} --copy ${{inputs.copy}} --where ${{inputs.where}}",
        inputs={
            "file": Input(type="uri_file", path=STORE + "shared/numbers/one.csv"),
            "folder": Input(type="uri_folder", path=STORE + "shared/numbers/", mode="ro_mount"),
            "copy": Input(type="custom_model", path=long_form % client.subscription_id + "shared/numbers", mode="download"),
            "where": Input(type="uri_folder", path=STORE + "shared/numbers/", mode="direct"),
        })
    assert found["--file"] == "1,one" and found["arguments"]["--file"].endswith("/one.csv")
    assert found["--folder"] == found["--copy"] == ["more/two.csv", "one.csv"]
    assert found["arguments"]["--where"].endswith("/datastores/workspaceblobstore/paths/shared/numbers/")
    assert found["environment"]["AZURE_ML_INPUT_folder"] == found["arguments"]["--folder"]


def test_a_local_folder_is_uploaded_and_an_url_of_our_own_is_read(client, stored, looked):
    blob = container(client).get_blob_client("shared/numbers/one.csv")
    found = looked("--mine ${{inputs.mine}} --file ${{inputs.file}}", inputs={
        "mine": Input(type="uri_folder", path=str(stored)), "file": Input(type="uri_file", path=blob.url)})
    assert found["--mine"] == ["more/two.csv", "one.csv"] and found["--file"] == "1,one"


def test_a_file_from_elsewhere_is_fetched_and_a_folder_is_not(looked, run, elsewhere):
    found = looked("--file ${{inputs.file}}", inputs={"file": Input(type="uri_file", path=elsewhere + "/far.csv?x=1")})
    assert found["--file"] == "far away" and found["arguments"]["--file"].endswith("/far.csv")
    run(SCRIPT, "${{inputs.all}}", expected="Failed", inputs={"all": Input(type="uri_folder", path=elsewhere + "/all")})


@pytest.fixture
def elsewhere():
    """A web server that is not the emulator."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Far(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"far away")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Far) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_outputs_go_to_the_datastore_and_come_home(client, run, tmp_path):
    job = run(LEAVE, "${{outputs.model}} ${{outputs.copy}} ${{outputs.file}}", outputs={
        "model": Output(type="uri_folder", mode="rw_mount"),
        "copy": Output(type="uri_folder", mode="upload", path=STORE + "mine/${{name}}/"),
        "file": Output(type="uri_file", mode="upload", path=STORE + "mine/report.txt"),
    })
    client.jobs.download(job.name, download_path=str(tmp_path / "model"), output_name="model")
    assert texts(tmp_path / "model/named-outputs/model") == {"a ä.txt": "a", "deep/er/b.txt": "b"}
    client.jobs.download(job.name, download_path=str(tmp_path / "all"), all=True)
    assert texts(tmp_path / "all/named-outputs/copy") == {"a ä.txt": "a", "deep/er/b.txt": "b"}
    assert list(texts(tmp_path / "all/named-outputs/file").values()) == ["one file"]
    assert (tmp_path / "all/artifacts/user_logs/std_log.txt").is_file()
    names = [blob.name for blob in container(client).list_blobs()]
    assert f"azureml/{job.name}/model/deep/er/b.txt" in names
    assert f"mine/{job.name}/a ä.txt" in names and "mine/report.txt" in names


def test_an_output_of_one_job_is_an_input_of_the_next(client, run, looked):
    first = run(LEAVE, "${{outputs.state}}", outputs={"state": Output(type="uri_folder")})
    assert client.jobs.get(first.name).outputs["state"].path.endswith(f"azureml/{first.name}/state/")
    found = looked("--state ${{inputs.state}} --deep ${{inputs.deep}}", inputs={
        "state": Input(type="uri_folder", path=client.jobs.get(first.name).outputs["state"].path),
        "deep": Input(type="uri_folder", path=f"azureml://jobs/{first.name}/outputs/state/paths/deep/"),
    })
    assert found["--state"] == ["a ä.txt", "deep/er/b.txt"] and found["--deep"] == ["er/b.txt"]


def test_an_output_with_a_name_becomes_an_asset_and_is_read_by_its_name(client, run, looked):
    run(LEAVE, "${{outputs.table}} ${{outputs.net}} ${{outputs.again}}", outputs={
        "table": Output(type="uri_folder", name="left_behind", version="7"),
        "again": Output(type="uri_folder", name="counted"),
        "net": Output(type="custom_model", name="net"),
    })
    assert client.data.get("left_behind", version="7").path.endswith("/table/")
    assert client.data.get("counted", label="latest").version == "1"
    assert client.models.get("net", label="latest").type == "custom_model"
    found = looked("--table ${{inputs.table}} --net ${{inputs.net}} --last ${{inputs.last}}", inputs={
        "table": Input(type="uri_folder", path="azureml:left_behind:7"),
        "net": Input(type="custom_model", path="azureml:net:1", mode="download"),
        "last": Input(type="uri_folder", path="azureml:counted:1"),
    })
    assert found["--table"] == found["--net"] == found["--last"] == ["a ä.txt", "deep/er/b.txt"]


def test_what_a_failed_job_left_is_kept_and_seen_by_the_next(client, run, looked):
    run(LEAVE + "sys.exit(3)", "${{outputs.state}}", expected="Failed",
        outputs={"state": Output(type="uri_folder", path=STORE + "checkpoints/")})
    found = looked("--state ${{outputs.state}}", outputs={"state": Output(type="uri_folder", path=STORE + "checkpoints/")})
    assert found["--state"] == ["a ä.txt", "deep/er/b.txt"]


def test_an_input_that_is_not_there_fails_the_job_by_name(client, run):
    job = run(SCRIPT, "${{inputs.lost}}", expected="Failed",
              inputs={"lost": Input(type="uri_file", path=STORE + "nothing/here.csv")})
    details = client.jobs._runs_operations.get_run_details(job.name)
    message = details.error.error.message
    assert "lost" in message and "StreamAccess.NotFound" in message


@pytest.mark.parametrize("inputs, said", [
    ({"x": Input(type="uri_file", path="azureml://datastores/nowhere/paths/a.csv")}, "nowhere"),
    ({"x": Input(type="uri_folder", path="azureml://locations/koreacentral/workspaces/w/data/unknown/versions/7")}, "unknown"),
])
def test_what_names_nothing_is_refused(client, run, inputs, said):
    with pytest.raises(HttpResponseError, match=said) as refused:
        run(SCRIPT, "${{inputs.x}}", inputs=inputs)
    assert refused.value.status_code in (400, 404)


def texts(folder):
    return {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*") if each.is_file()}
