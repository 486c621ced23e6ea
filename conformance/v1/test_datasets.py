"""Datasets of the SDK v1 (known from azureml/data of azureml-core 1.61).

Its native engine is not among the clients of these tests (it brings 300 MB of its own): definitions stand here as the engine
writes them. docs/compatibility.md says what was seen with it.
"""

import json

import pytest
from azureml.core import Dataset, Datastore, Experiment, ScriptRunConfig
from azureml.data import FileDataset, OutputFileDatasetConfig
from azureml.exceptions import UserErrorException

from support.runs import ended, error_of, log_of

SHOW = """import os, sys
for path in sys.argv[1:4]:
    if os.path.isfile(path):
        print(os.path.basename(path), open(path).read().strip())
    for folder, _, files in sorted(os.walk(path)):
        for name in sorted(files):
            print(os.path.relpath(os.path.join(folder, name), path), open(os.path.join(folder, name)).read().strip())
print("here:", sorted(os.listdir("here/numbers")), os.environ["numbers"] == sys.argv[1])
with open(os.path.join(os.environ["out"], "left.txt"), "w") as left:
    left.write("done")
"""


@pytest.fixture(scope="module")
def store(ws, tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers")
    (folder / "deep").mkdir()
    (folder / "a.csv").write_text("1")
    (folder / "deep" / "b.csv").write_text("2")
    store = ws.get_default_datastore()
    store.upload(str(folder), target_path="numbers", show_progress=False)
    return store


def files(store, *paths):
    """What `Dataset.File.from_files` makes of paths of a datastore."""
    lines = [f"  - pattern: \"azureml://datastores/{store.name}/paths/{path}\"\n" for path in paths]
    flow = {"blocks": [], "meta": {"RsDataflow": "type: mltable\npaths:\n" + "".join(lines)}}
    return FileDataset._create(definition=json.dumps(flow))


def test_versions_of_a_name_are_kept_and_found(ws, store):
    first = files(store, "numbers/**").register(ws, "all numbers", description="one", tags={"a": "b"})
    with pytest.raises(UserErrorException, match="already a dataset registered"):
        files(store, "numbers/**").register(ws, "all numbers")
    second = files(store, "numbers/*.csv").register(ws, "all numbers", create_new_version=True)
    assert (first.version, second.version) == (1, 2) and first.id != second.id
    assert Dataset.get_by_name(ws, "all numbers").id == second.id
    old = Dataset.get_by_name(ws, "all numbers", version=1)
    assert old.id == first.id and "numbers/**" in old._definition and old.tags == {"a": "b"}
    assert Dataset.get_by_id(ws, first.id).name == "all numbers"
    assert "all numbers" in ws.datasets
    assert second.update(description="two").description == "two"
    assert second.add_tags({"c": "d"}).tags == {"a": "b", "c": "d"}
    with pytest.raises(UserErrorException, match="Cannot find dataset"):
        Dataset.get_by_name(ws, "all numbers", version=3)
    second.unregister_all_versions()
    with pytest.raises(UserErrorException, match="Cannot find dataset"):
        Dataset.get_by_name(ws, "all numbers")
    assert Dataset.get_by_id(ws, first.id).id == first.id, "runs that used it still find it"


def test_a_run_has_its_datasets_and_leaves_one(ws, store, cluster, environment, project):
    folder = files(store, "numbers/**").register(ws, "folder", create_new_version=True)
    one = files(store, "numbers/a.csv").register(ws, "one", create_new_version=True)
    out = OutputFileDatasetConfig(name="out", destination=(store, "left/{run-id}")).as_upload()
    share = Datastore.register_azure_file_share(
        ws, "share", "share-of-data", store.account_name, account_key=store.account_key)
    share.file_service.create_share()
    share.file_service.get_directory_client("deep").create_directory()
    share.file_service.get_directory_client("deep").upload_file("b.csv", b"2")
    reference = share.path("deep").as_download()
    config = ScriptRunConfig(project({"show.py": SHOW}), "show.py", compute_target=cluster, environment=environment, arguments=[
        folder.as_named_input("numbers").as_download("here/numbers"), one.as_named_input("one").as_mount(),
        str(reference), one.as_named_input("direct"), out.register_on_complete("left")])
    config.run_config.data_references[reference.data_reference_name] = reference.to_config()
    run = Experiment(ws, "data").submit(config)
    assert ended(run) == "Completed", error_of(run)
    lines = log_of(run).splitlines()
    assert lines[:4] == ["a.csv 1", "deep/b.csv 2", "a.csv 1", "b.csv 2"]
    assert "here: ['a.csv', 'deep'] True" in lines
    left = Dataset.get_by_name(ws, "left")
    assert f"left/{run.id}/**" in left._definition
    details = run.get_details()
    assert [each["identifier"]["savedId"] for each in details["inputDatasets"]._input_datasets] == [
        folder.id, one.id, one.id]
    assert details["outputDatasets"][0]["dataset"].id == left.id


def test_what_only_the_engine_understands_is_refused_by_name(ws, store, submit, project):
    table = files(store, "numbers/a.csv")
    table._definition = table._definition.replace(
        "type: mltable", "type: mltable\\ntransformations:\\n  - read_delimited:\\n      delimiter: ','")
    table = table.register(ws, "table", create_new_version=True)
    with pytest.raises(Exception, match="steps that only the SDK's engine takes"):
        submit(project({"show.py": SHOW}), "show.py", arguments=[table.as_named_input("table").as_download()])
