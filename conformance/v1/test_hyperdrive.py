"""HyperDrive with the SDK v1: what its package submits, reads back and stops (azureml-train-core 1.61)."""

import json
import shutil

import pytest
from azureml.core import Experiment, ScriptRunConfig
from azureml.train.hyperdrive import (BanditPolicy, BayesianParameterSampling, GridParameterSampling, HyperDriveConfig,
                                      HyperDriveRun, PrimaryMetricGoal, RandomParameterSampling, choice, normal,
                                      quniform, uniform)

from support import report
from support.runs import FINAL, ended, screen
from support.waiting import wait_until

TRAIN = """
import argparse, os, report
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
parser.add_argument("--kind")
parser.add_argument("--depth", type=int, default=1)
args = parser.parse_args()
report.metric("loss", (args.rate - 0.5) ** 2)
os.makedirs("outputs", exist_ok=True)
open("outputs/rate.txt", "w").write(str(args.rate))
"""
STAND = """
import sys, time, hold, report
while "go" not in hold.tags():
    report.metric("loss", float(sys.argv[2]))
    time.sleep(0.2)
"""


@pytest.fixture
def tune(ws, cluster, environment, project):
    """Submits a sweep as a user would; what the test leaves running is canceled."""
    made = []

    def tune(sampling, script="train.py", total=4, concurrent=2, arguments=None, experiment="tuning", **more):
        folder = project({"train.py": TRAIN, "stand.py": STAND, "fail.py": "raise SystemExit('damaged')"})
        shutil.copy(report.__file__, folder)
        source = ScriptRunConfig(folder, script, arguments=arguments, compute_target=cluster, environment=environment)
        more.setdefault("primary_metric_goal", PrimaryMetricGoal.MINIMIZE)
        made.append(Experiment(ws, experiment).submit(HyperDriveConfig(
            run_config=source, hyperparameter_sampling=sampling, primary_metric_name="loss", max_total_runs=total,
            max_concurrent_runs=concurrent, **more)))
        return made[-1]

    yield tune
    for run in made:
        if run.get_status() not in FINAL:
            run.cancel()


def test_a_grid_ends_with_the_best_of_its_runs(ws, tune, tmp_path):
    run = tune(GridParameterSampling({"--rate": choice(0.1, 0.5, 0.8), "kind": choice("flat kind")}), total=20,
               arguments=["--depth", 3])
    assert isinstance(run, HyperDriveRun) and run.id.startswith("HD_")
    with screen({}) as shown:
        details = run.wait_for_completion(show_output=True)
    assert "azureml-logs/hyperdrive.txt" in shown.getvalue()
    assert details["status"] == "Completed" and details["properties"]["azureml.runsource"] == "hyperdrive"
    run.get_tags()  # the client keeps those of the beginning otherwise
    children = sorted(child.id for child in run.get_children())
    assert children == [f"{run.id}_{n}" for n in range(3)]
    points = {name: json.loads(point) for name, point in run.get_hyperparameters().items()}
    assert points == {f"{run.id}_{n}": {"--rate": rate, "kind": "flat kind"} for n, rate in enumerate((0.1, 0.5, 0.8))}
    best = run.get_best_run_by_primary_metric()
    assert best.id == f"{run.id}_1" and best.get_metrics()["loss"] == 0
    assert best.get_details()["runDefinition"]["arguments"] == ["--depth", "3", "--rate", "0.5", "--kind", "flat kind"]
    assert details["properties"]["best_child_run_id"] == best.id
    order = [child["run_id"] for child in run.get_children_sorted_by_primary_metric()]
    assert order == [f"{run.id}_{n}" for n in (1, 2, 0)]
    assert set(run.get_metrics()) == set(children)
    best.download_file("outputs/rate.txt", str(tmp_path / "rate.txt"))
    assert (tmp_path / "rate.txt").read_text() == "0.5"

    # Found again in the history, with the configuration that it was made from.
    again = next(iter(Experiment(ws, "tuning").get_runs(type="hyperdrive")))
    assert isinstance(again, HyperDriveRun) and again.id == run.id
    assert again.hyperdrive_config._generator_config["parameter_space"]["kind"] == ["choice", [["flat kind"]]]


def test_a_poor_run_is_given_up_and_canceling_ends_the_rest(tune):
    run = tune(GridParameterSampling({"--value": choice(0.1, 0.9)}), "stand.py",
               policy=BanditPolicy(slack_factor=0.1, evaluation_interval=1))
    statuses = wait_until(lambda: "Canceled" in (found := statuses_of(run)).values() and found, "the poor one's end", 60)
    assert statuses[f"{run.id}_1"] == "Canceled" and statuses[f"{run.id}_0"] not in FINAL
    run.cancel()
    assert ended(run) == "Canceled"
    assert set(statuses_of(run).values()) == {"Canceled"}


def statuses_of(run):
    return {child.id: child.get_status() for child in run.get_children()}


def test_random_and_bayesian_sampling_stay_in_the_space(tune):
    runs = [
        tune(RandomParameterSampling({"--rate": normal(0.5, 0.1), "--depth": quniform(1, 8, 1)}), total=3, concurrent=3),
        tune(BayesianParameterSampling({"--rate": uniform(0, 1), "--depth": quniform(1, 8, 1)}), total=3, concurrent=1)]
    for run in runs:
        assert ended(run) == "Completed"
        run.get_tags()
        points = [json.loads(point) for point in run.get_hyperparameters().values()]
        assert len(points) == 3 and all(1 <= point["--depth"] <= 8 for point in points)
        assert run.get_best_run_by_primary_metric().id.startswith(run.id)


def test_a_sweep_whose_first_runs_all_fail_is_given_up(tune):
    run = tune(RandomParameterSampling({"--n": uniform(0, 1)}), "fail.py", total=8, concurrent=1)
    assert ended(run) == "Failed"
    assert len(list(run.get_children())) == 3
    assert run.get_best_run_by_primary_metric() is None


def test_what_makes_no_sense_is_refused_and_leaves_nothing(ws, tune):
    from azureml.exceptions import TrainingException

    for sampling, more, said in (
            (BayesianParameterSampling({"--rate": uniform(0, 1)}), {"policy": BanditPolicy(slack_factor=0.1)}, "early"),
            (RandomParameterSampling({}), {}, "empty"),
            (RandomParameterSampling({"--rate": ["triangular", [0, 1]]}), {}, "triangular"),
    ):
        with pytest.raises(TrainingException, match=said):
            tune(sampling, experiment="refused", **more)
    assert not list(Experiment(ws, "refused").get_runs())
