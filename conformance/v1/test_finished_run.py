"""What can be read of a run that has completed, and added to it (contracts: sdk-v1 §5.2, metrics and artifacts)."""

import pytest
from azureml._restclient.exceptions import ServiceException
from azureml.core import Environment, Experiment, Run, ScriptRunConfig
from azureml.exceptions import AzureMLException

from support.runs import ended, error_of, log_of, names_in

TRAIN = """
import os, sys
print("training with", sys.argv[1:])
print("colour is", os.environ.get("COLOUR"))
print("a warning", file=sys.stderr)
os.makedirs("outputs/deep", exist_ok=True)
os.makedirs("logs", exist_ok=True)
open("outputs/model.txt", "w").write("weights")
open("outputs/deep/er.txt", "w").write("deeper weights")
open("logs/note.txt", "w").write("noted")
open("scratch.txt", "w").write("nobody asks for this")
"""


@pytest.fixture(scope="module")
def finished(ws, cluster, tmp_path_factory):
    """A run that has completed, for the tests that only read."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "train.py").write_text(TRAIN)
    environment = Environment("ready-made")
    environment.python.user_managed_dependencies = True
    environment.environment_variables = {"COLOUR": "pale green"}
    run = Experiment(ws, "reading").submit(
        ScriptRunConfig(source_directory=str(folder), script="train.py", compute_target=cluster,
                        arguments=["--name", "with blank", "--quote", "it's \"so\" $HOME"], environment=environment),
        tags={"sent": "along"})
    assert ended(run) == "Completed", error_of(run)
    return run


def test_arguments_and_variables_arrived_as_they_were_sent(finished):
    printed = log_of(finished)
    assert "training with " + repr(["--name", "with blank", "--quote", "it's \"so\" $HOME"]) in printed
    assert "colour is pale green" in printed


def test_both_output_streams_are_in_the_log(finished):
    assert "a warning" in log_of(finished)


def test_details_name_the_target_and_the_times(finished, cluster):
    details = finished.get_details()
    assert (details["runId"], details["target"], details["status"]) == (finished.id, cluster.name, "Completed")
    assert details["startTimeUtc"] <= details["endTimeUtc"]
    assert details["runDefinition"]["script"] == "train.py"


def test_outputs_and_logs_folders_are_kept_and_nothing_else(finished):
    kept = finished.get_file_names()
    assert {"outputs/model.txt", "outputs/deep/er.txt", "logs/note.txt"} <= set(kept)
    assert not [name for name in kept if "scratch" in name]


def test_a_file_is_downloaded(finished, tmp_path):
    finished.download_file("outputs/deep/er.txt", str(tmp_path / "er.txt"))
    assert (tmp_path / "er.txt").read_text() == "deeper weights"


def test_a_folder_is_downloaded(finished, tmp_path):
    finished.download_files(prefix="outputs", output_directory=str(tmp_path))
    assert (tmp_path / "outputs/model.txt").read_text() == "weights"
    assert (tmp_path / "outputs/deep/er.txt").read_text() == "deeper weights"


def test_a_missing_file_is_an_exception(finished, tmp_path):
    with pytest.raises(AzureMLException, match="(?i)not found"):
        finished.download_file("outputs/nothing.txt", str(tmp_path / "nothing"))


def test_all_logs_are_downloaded(finished, tmp_path):
    written = finished.get_all_logs(destination=str(tmp_path))
    assert any("training with" in open(name).read() for name in written)


def test_tags_are_added_changed_and_removed(finished):
    assert finished.get_tags()["sent"] == "along"
    finished.tag("quality", "good")
    finished.set_tags({"quality": "better", "seen": "yes"})
    finished.remove_tags(["seen"])
    tags = finished.get_tags()
    assert tags["quality"] == "better" and "seen" not in tags


def test_metrics_keep_their_shapes(finished):
    finished.log("accuracy", 0.75)
    for loss in (3.0, 2.0, 1.0):
        finished.log("loss", loss)
    finished.log_list("primes", [2, 3, 5])
    finished.log_row("point", x=1, y=2.5)
    finished.log("verdict", "fine")
    finished.flush()
    assert finished.get_metrics() == {
        "accuracy": 0.75, "loss": [3.0, 2.0, 1.0], "primes": [2, 3, 5], "point": {"x": 1, "y": 2.5},
        "verdict": "fine"}
    assert finished.get_metrics(name="loss") == {"loss": [3.0, 2.0, 1.0]}


def test_a_file_is_uploaded_afterwards(finished, tmp_path):
    (tmp_path / "report.txt").write_text("all well")
    finished.upload_file("outputs/report.txt", str(tmp_path / "report.txt"))
    finished.download_file("outputs/report.txt", str(tmp_path / "back.txt"))
    assert (tmp_path / "back.txt").read_text() == "all well"


def test_it_is_found_by_experiment_and_by_workspace(ws, finished):
    experiment = Experiment(ws, "reading")
    assert [run.id for run in experiment.get_runs()] == [finished.id]
    assert Run(experiment, finished.id).get_status() == "Completed"
    assert ws.get_run(finished.id).experiment.name == "reading"
    assert "reading" in ws.experiments


def test_a_missing_run_is_an_exception(ws):
    with pytest.raises(ServiceException, match="(?i)not found"):
        Run(Experiment(ws, "reading"), "no-such-run").get_status()


def test_the_snapshot_comes_back(finished, tmp_path):
    assert "train.py" in names_in(finished.restore_snapshot(path=str(tmp_path)))
