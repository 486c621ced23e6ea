"""Runs that a client keeps by itself, their children, and what is logged to them (contracts: sdk-v1 §5.2)."""

import json
import sys

import pytest
from azureml._restclient.exceptions import ServiceException
from azureml.core import Experiment, Run
from azureml.exceptions import RunEnvironmentException

from support.runs import ended, error_of, log_of, names_in
from support.waiting import wait_until


@pytest.fixture
def begin(ws, tmp_path, monkeypatch):
    """Begins interactive runs; none is left running. In a block of one the SDK writes a log into the folder where it is."""
    monkeypatch.chdir(tmp_path)
    begun = []

    def begin(experiment="by-hand", **options):
        begun.append(Experiment(ws, experiment).start_logging(**{"snapshot_directory": None, **options}))
        return begun[-1]

    yield begin
    for run in begun:
        if run.get_status() == "Running":
            run.complete()


def test_a_run_goes_on_until_its_client_completes_it(begin):
    run = begin(display_name="the first")
    assert run.get_status() == "Running"
    run.log("loss", 0.5)
    run.complete()
    assert run.get_status() == "Completed" and run.display_name == "the first"
    details = run.get_details()
    assert details["startTimeUtc"] <= details["endTimeUtc"]


def test_a_block_that_raises_fails_its_run_with_the_reason(begin):
    with pytest.raises(ZeroDivisionError):
        with begin() as run:
            print(1 / 0)
    assert run.get_status() == "Failed"
    assert "division by zero" in error_of(run)


def test_a_block_that_ends_completes_its_run(begin):
    with begin() as run:
        run.log("loss", 1)
    assert run.get_status() == "Completed"


def test_fail_keeps_code_and_details(begin):
    run = begin()
    run.fail(error_details="the data is damaged", error_code="DataError")
    assert run.get_status() == "Failed"
    assert "the data is damaged" in error_of(run) and "DataError" in error_of(run)


def test_a_run_that_its_client_cancels_is_canceled(begin):
    run = begin()
    run.cancel()
    assert run.get_status() == "Canceled"


def test_children_are_found_by_tag_property_type_and_depth(begin):
    with begin("family") as parent:
        first = parent.child_run(name="first")
        first.tag("fold", "1")
        first.log("score", 1)
        grandchild = first.child_run(name="grandchild")
        grandchild.log("score", 11)
        grandchild.complete()
        first.complete()
        second = parent.child_run(name="second")
        second.add_properties({"kind": "last"})
        second.log("score", 2)
        second.complete()
    assert {run.id for run in parent.get_children()} == {first.id, second.id}
    assert {run.id for run in parent.get_children(recursive=True)} == {first.id, second.id, grandchild.id}
    assert [run.id for run in parent.get_children(tags={"fold": "1"})] == [first.id]
    assert [run.id for run in parent.get_children(tags="fold")] == [first.id]
    assert [run.id for run in parent.get_children(properties={"kind": "last"})] == [second.id]
    assert {run.id for run in parent.get_children(status="Completed")} == {first.id, second.id}
    assert grandchild.parent.id == first.id and first.parent.name == parent.name and parent.parent is None
    assert parent.get_metrics(recursive=True) == {
        first.id: {"score": 1}, second.id: {"score": 2}, grandchild.id: {"score": 11}}
    assert [run.id for run in parent.experiment.get_runs()] == [parent.id]
    assert {run.id for run in parent.experiment.get_runs(include_children=True)} == {
        parent.id, first.id, second.id, grandchild.id}


def test_many_children_are_made_at_once(begin):
    with begin() as parent:
        made = parent.create_children(tag_key="seed", tag_values=["1", "2", "3"])
        assert [child.get_tags()["seed"] for child in made] == ["1", "2", "3"]
        for child in made + parent.create_children(count=2):
            child.start()
            child.complete()
    assert len(list(parent.get_children(status="Completed"))) == 5


MATRIX = {"schema_type": "confusion_matrix", "schema_version": "1.0.0",
          "data": {"class_labels": ["0", "1"], "matrix": [[3, 1], [0, 4]]}}
RESIDUALS = {"schema_type": "residuals", "schema_version": "1.0.0",
             "data": {"bin_edges": [0, 1, 2], "bin_counts": [3, 1], "mean": 0.1, "std": 0.2, "res_by_pred": {}}}
PREDICTIONS = {"schema_type": "predictions", "schema_version": "1.0.0",
               "data": {"bin_averages": [0.5], "bin_errors": [0.1], "bin_counts": [3], "bin_edges": [0, 1]}}
ACCURACY = {"schema_type": "accuracy_table", "schema_version": "1.0.1",
            "data": {"probability_tables": [[[1, 1, 0, 0]]], "percentile_tables": [[[1, 1, 0, 0]]],
                     "probability_thresholds": [0.5], "percentile_thresholds": [0.5], "class_labels": ["0"]}}


def test_everything_that_can_be_logged_comes_back(begin):
    run = begin()
    run.log("loss", 0.5, step=1)
    run.log("loss", 0.25, step=2)
    run.log_list("primes", [2, 3, 5])
    run.log_row("point", x=1, y=2)
    run.log_row("point", x=3, y=4)
    run.log_table("table", {"index": [1, 2], "value": [0.1, 0.2]})
    run.log_confusion_matrix("confusion", MATRIX)
    run.log_residuals("residuals", RESIDUALS)
    run.log_predictions("predictions", PREDICTIONS)
    run.log_accuracy_table("accuracy", ACCURACY)
    run.flush()
    metrics = run.get_metrics()
    assert metrics["loss"] == [0.5, 0.25] and metrics["primes"] == [2, 3, 5]
    assert metrics["point"] == {"x": [1, 3], "y": [2, 4]} and metrics["table"] == {"index": [1, 2], "value": [0.1, 0.2]}
    for name, value in {"confusion": MATRIX, "residuals": RESIDUALS,
                        "predictions": PREDICTIONS, "accuracy": ACCURACY}.items():
        place = metrics[name]
        assert place.startswith("aml://artifactId/") and place.endswith(name)
        assert json.loads(run._download_artifact_contents_to_string(place.split(f"dcid.{run.id}/")[1])) == value
    assert run.get_metrics(name="primes") == {"primes": [2, 3, 5]}


def test_images_are_kept_as_files(begin, tmp_path, monkeypatch):
    run = begin()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seen.png").write_bytes(PNG)
    run.log_image("seen", path="seen.png")
    run.log_image("drawn", plot=Plot())
    run.flush()
    metrics = run.get_metrics()
    assert set(metrics) == {"seen", "drawn"}
    for name in metrics:
        path = metrics[name].split(f"dcid.{run.id}/")[1]
        run.download_file(path, "back.png")
        assert (tmp_path / "back.png").read_bytes() == PNG


PNG = b"\x89PNG\r\n\x1a\n"


class Plot:
    """What the SDK asks of matplotlib's module."""

    def savefig(self, stream, **_):
        stream.write(PNG)


def test_folders_go_up_and_come_back(begin, tmp_path):
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.txt").write_text("1")
    (folder / "deep" / "two.txt").write_text("2")
    run = begin()
    run.upload_folder("data", str(folder))
    run.upload_files(["outputs/a.txt", "outputs/b.txt"], [str(folder / "one.txt"), str(folder / "deep" / "two.txt")])
    assert {"data/one.txt", "data/deep/two.txt", "outputs/a.txt", "outputs/b.txt"} == set(run.get_file_names())
    run.download_files(prefix="data", output_directory=str(tmp_path / "back"))
    assert (tmp_path / "back/data/deep/two.txt").read_text() == "2"
    run.download_files(prefix="data", output_directory=str(tmp_path / "flat"), append_prefix=False)
    assert (tmp_path / "flat/one.txt").read_text() == "1"


def test_tags_and_properties_are_read_and_written(begin):
    run = begin()
    run.tag("quality", "good")
    run.tag("bare")
    run.set_tags({"quality": "better", "number": 3})
    run.add_properties({"author": "me"})
    assert run.get_tags() == {"quality": "better", "bare": None, "number": "3"}
    run.remove_tags(["bare", "number"])
    again = Run(run.experiment, run.id)
    assert again.get_tags() == {"quality": "better"} and again.get_properties()["author"] == "me"
    found = [each.id for each in run.experiment.get_runs(tags={"quality": "better"})]
    assert run.id in found
    assert [each.id for each in Run.list(run.experiment, properties={"author": "me"})] == [run.id]
    run.description, run.display_name = "tells more", "called so"
    assert (Run(run.experiment, run.id).description, Run(run.experiment, run.id).display_name) == (
        "tells more", "called so")


def test_a_model_is_registered_from_a_run(begin, tmp_path):
    (tmp_path / "model.pkl").write_text("weights")
    run = begin()
    run.upload_file("outputs/model.pkl", str(tmp_path / "model.pkl"))
    model = run.register_model("from-a-run", model_path="outputs/model.pkl", tags={"quality": "good"})
    assert (model.version, model.tags["quality"], model.run_id) == (1, "good", run.id)
    assert run.register_model("from-a-run", model_path="outputs/model.pkl").version == 2


def test_a_run_keeps_the_folder_that_it_began_in(begin, project, tmp_path):
    run = begin(snapshot_directory=project({"notebook.py": "print('here')"}))
    assert run.get_snapshot_id()
    assert names_in(run.restore_snapshot(path=str(tmp_path)))["notebook.py"] == b"print('here')"
    with pytest.raises(RunEnvironmentException):
        Run.get_context(allow_offline=False)


def test_the_workspace_finds_runs_and_the_log_comes_with_the_details(ws, submit, project, environment):
    run = submit(project({"train.py": "print('in the log')"}), "train.py", experiment="found")
    assert ended(run) == "Completed"
    assert "in the log" in log_of(run)
    assert ws.get_run(run.id).type == "azureml.scriptrun" and Run.get(ws, run.id).number == 1
    assert (run.get_environment().name, run.get_environment().version) == (environment.name, "1")
    assert run.get_detailed_status()["status"] == "Completed"


def test_the_same_folder_is_not_sent_twice(submit, project, uploads):
    folder = project({"train.py": "print('once')"})
    assert ended(submit(folder, "train.py")) == "Completed"
    uploads.clear()
    again = submit(folder, "train.py")
    assert ended(again) == "Completed" and "once" in log_of(again)
    assert uploads == []


def test_a_run_may_take_no_longer_than_it_was_given(submit, project):
    run = submit(project({"train.py": "import hold; hold.until('never')"}), "train.py", max_run_duration_seconds=2)
    assert ended(run) in ("Canceled", "Failed")
    assert "2" in error_of(run)


def test_experiments_are_archived_and_deleted(ws, begin):
    begin("old").complete()
    old = Experiment(ws, "old")
    old.archive()
    assert "old" not in [each.name for each in Experiment.list(ws)]
    assert [each.name for each in Experiment.list(ws, view_type="ArchivedOnly")] == ["old"]
    old.reactivate()
    old.tag("seen", "yes")
    assert Experiment(ws, "old").tags["seen"] == "yes"
    with pytest.raises(ServiceException, match="only an empty experiment can be deleted"):
        Experiment.delete(ws, old.id)
    empty = Experiment(ws, "empty")
    Experiment.delete(ws, empty.id)
    assert "empty" not in [each.name for each in Experiment.list(ws)]


PARENT = """
from azureml.core import Environment, Run, ScriptRunConfig
run = Run.get_context(allow_offline=False)
environment = Environment("ready-made")
environment.python.user_managed_dependencies = True
for fruit in ("Apple", "Banana"):
    run.submit_child(ScriptRunConfig(source_directory=".", script="child.py", arguments=["--fruit", fruit],
                                     compute_target="cpu-cluster", environment=environment))
"""


@pytest.mark.runtime("process")
def test_a_script_submits_children(submit, project, environment):
    environment.python.interpreter_path = sys.executable
    check_children(submit(project(FAMILY), "parent.py", environment=environment))


# All: the image is the one that compose's script runs in, which that suite makes.
@pytest.mark.all
@pytest.mark.runtime("docker")
def test_a_script_submits_children_from_an_image_that_has_the_sdk(submit, project, environment):
    environment.docker.base_image = "malachite/script:1"
    environment.python.interpreter_path = "/opt/sdk/bin/python3"
    check_children(submit(project(FAMILY), "parent.py", environment=environment))


FAMILY = {"parent.py": PARENT, "child.py": "import sys; print(sys.argv[1:])"}


def check_children(parent):
    assert ended(parent) == "Completed", error_of(parent)
    children = list(parent.get_children())
    assert len(children) == 2
    for child in children:
        assert ended(child) == "Completed", error_of(child)
    assert sorted("Apple" in log_of(child) for child in children) == [False, True]


def test_a_client_submits_a_child(ws, cluster, begin, project, environment):
    from azureml.core import ScriptRunConfig

    parent = begin()
    child = parent.submit_child(ScriptRunConfig(project({"train.py": "print('child')"}), "train.py",
                                                compute_target=cluster, environment=environment))
    assert ended(child) == "Completed" and child.parent.id == parent.id
    wait_until(lambda: [each.id for each in parent.get_children()] == [child.id], "the child to be found")
