"""Sweeps with the SDK v2: trials, their order, what ends them early, and the best of them (contracts: sdk-v2 §7)."""

import json
import shutil
from math import exp

import pytest
from azure.ai.ml import command
from azure.ai.ml.entities import Environment
from azure.ai.ml.sweep import (BanditPolicy, Choice, LogNormal, LogUniform, MedianStoppingPolicy, Normal, QLogNormal,
                               QLogUniform, QNormal, QUniform, Randint, RandomSamplingAlgorithm,
                               TruncationSelectionPolicy, Uniform)
from azure.core.exceptions import HttpResponseError

from support import hold, report
from support.runs import FINAL, screen
from support.waiting import wait_until

IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
TRAIN = """
import os, sys, report
rate = float(sys.argv[1])
report.metric("accuracy", 1 - (rate - 0.5) ** 2)
print("tried", rate, sys.argv[2:], flush=True)
os.makedirs("outputs", exist_ok=True)
open("outputs/rate.txt", "w").write(sys.argv[1])
"""
STAND = """
import sys, time, hold, report
while "go" not in hold.tags():
    report.metric("accuracy", float(sys.argv[1]))
    time.sleep(0.2)
"""


@pytest.fixture
def code(tmp_path):
    folder = tmp_path / "src"
    folder.mkdir()
    for helper in (hold, report):
        shutil.copy(helper.__file__, folder)
    (folder / "train.py").write_text(TRAIN)
    (folder / "stand.py").write_text(STAND)
    (folder / "fail.py").write_text("raise SystemExit('the data is damaged')")
    return folder


@pytest.fixture
def sweep(client, cluster, code):
    """Makes a sweep of a command as a user would; what the test leaves running is canceled."""
    made = []

    def sweep(line, space, total=4, concurrent=2, algorithm="random", goal="maximize", policy=None, send=True, **more):
        trial = command(code=str(code), command=line, environment=Environment(image=IMAGE), compute=cluster.name,
                        inputs=more.pop("inputs", {}))
        job = trial.sweep(sampling_algorithm=algorithm, primary_metric="accuracy", goal=goal, search_space=space)
        job.set_limits(max_total_trials=total, max_concurrent_trials=concurrent, **more.pop("limits", {}))
        job.early_termination = policy
        job.experiment_name = "tuning"
        for name, value in more.items():
            setattr(job, name, value)
        if not send:
            return job
        made.append(client.jobs.create_or_update(job))
        return made[-1]

    yield sweep
    for job in made:
        if client.jobs.get(job.name).status not in FINAL:
            client.jobs.begin_cancel(job.name).result()


def ended(client, job, deadline=60):
    return wait_until(
        lambda: (found := client.jobs.get(job.name)).status in FINAL and found, "the sweep's end", deadline)


def trials(client, job):
    """By their number."""
    children = list(client.jobs.list(parent_job_name=job.name))
    return sorted(children, key=lambda child: int(child.name.rsplit("_", 1)[1]))


def tried(trial):
    return json.loads(trial.tags["hyperparameters"])


def test_a_grid_is_gone_through_and_the_best_comes_home(client, sweep, tmp_path):
    job = sweep("python train.py ${{search_space.rate}} ${{search_space.kind}} ${{inputs.depth}}",
                {"rate": Choice([0.1, 0.5, 0.8]), "kind": Choice(["flat"])}, total=20, algorithm="grid",
                inputs={"depth": 3}, display_name="a name for people", tags={"team": "vision"})
    assert job.type == "sweep" and job.status not in ("Completed", "Failed")
    with screen({}) as shown:
        client.jobs.stream(job.name)
    assert "azureml-logs/hyperdrive.txt" in shown.getvalue() and f"id='{job.name}_2'" in shown.getvalue()
    done = ended(client, job)
    assert (done.status, done.display_name, done.tags["team"]) == ("Completed", "a name for people", "vision")
    assert done.properties["best_child_run_id"] == job.name + "_1"
    assert float(done.properties["score"]) == 1.0
    assert [tried(trial) for trial in trials(client, job)] == [
        {"rate": rate, "kind": "flat"} for rate in (0.1, 0.5, 0.8)]
    best = client.jobs.get(job.name + "_1")
    assert (best.type, best.status, best.experiment_name) == ("command", "Completed", "tuning")
    client.jobs.download(job.name, download_path=str(tmp_path / "home"), all=True)
    # The client fetches what is the best trial's as an artifact and as the output "default".
    assert {rate.read_text() for rate in (tmp_path / "home").rglob("rate.txt")} == {"0.5"}
    assert list((tmp_path / "home").rglob("hyperdrive.txt"))


def test_all_distributions_are_sampled_the_same_way_for_the_same_seed(client, sweep):
    # With the least and the greatest value; of the normal ones, at five sigma.
    spreads = {
        "rate": (Uniform(0.25, 0.75), 0.25, 0.75), "log": (LogUniform(-6, -1), exp(-6), exp(-1)),
        "normal": (Normal(100, 2), 90, 110), "log_normal": (LogNormal(3, 0.1), exp(2.5), exp(3.5)),
        "q": (QUniform(16, 128, 16), 16, 128), "q_log": (QLogUniform(3, 5, 4), 20, 148),
        "q_normal": (QNormal(100, 8, 4), 60, 140), "q_log_normal": (QLogNormal(3, 0.1, 2), 12, 34)}
    space = {name: spread for name, (spread, _, _) in spreads.items()}
    space.update(whole=Randint(4), one=Choice(["x", {"deep": Uniform(1, 2), "kind": "nested"}]))
    line = "python train.py ${{search_space.rate}}"
    jobs = [sweep(line, space, algorithm=RandomSamplingAlgorithm(seed=7, rule=rule)) for rule in (
        "random", "random", "sobol")]
    points = []
    for job in jobs:
        assert ended(client, job).status == "Completed"
        points.append([tried(trial) for trial in trials(client, job)])
    assert points[0] == points[1] != points[2]
    assert all(len(each) == 4 for each in points)
    for point in points[0] + points[2]:
        for name, (spread, low, high) in spreads.items():
            assert low <= point[name] <= high, name
            assert not hasattr(spread, "q") or point[name] % spread.q == 0, name
        assert point["whole"] in range(4)
        assert point["one"] == "x" or 1 <= point["one"]["deep"] <= 2


def test_the_model_goes_where_the_results_are_good(client, sweep):
    job = sweep("python train.py ${{search_space.rate}}", {"rate": Choice([0.0, 0.5])}, algorithm="bayesian", total=2)
    assert ended(client, job).properties["best_child_run_id"] in (job.name + "_0", job.name + "_1")


@pytest.mark.parametrize("policy", [
    BanditPolicy(slack_factor=0.1, evaluation_interval=1), BanditPolicy(slack_amount=0.2, evaluation_interval=1),
    MedianStoppingPolicy(evaluation_interval=1, delay_evaluation=2),
    TruncationSelectionPolicy(truncation_percentage=50, evaluation_interval=2)], ids=lambda policy: policy.type)
def test_a_poor_trial_is_given_up(client, sweep, policy):
    # The second would go on for ever: only the policy ends it. The first ends when that is seen.
    job = sweep("python stand.py ${{search_space.value}}", {"value": Choice([0.9, 0.1])}, total=2, algorithm="grid",
                policy=policy)
    good, poor = job.name + "_0", job.name + "_1"
    wait_until(lambda: exists(client, poor) and client.jobs.get(poor).status in FINAL, "the poor one's end", 60)
    assert client.jobs.get(poor).status == "Canceled"
    assert client.jobs.get(good).status not in FINAL
    let_go(client, good)
    assert ended(client, job).properties["best_child_run_id"] == good


def exists(client, name):
    from azure.core.exceptions import ResourceNotFoundError
    try:
        return client.jobs.get(name)
    except ResourceNotFoundError:
        return None


def let_go(client, name):
    fetched = client.jobs.get(name)
    fetched.tags = {**(fetched.tags or {}), "go": "yes"}
    client.jobs.create_or_update(fetched)


def test_canceling_a_sweep_cancels_its_trials(client, sweep):
    job = sweep("python stand.py 0.5", {"n": Randint(50)}, total=10)
    wait_until(lambda: exists(client, job.name + "_1"), "two trials", 60)
    client.jobs.begin_cancel(job.name).result()
    assert ended(client, job).status == "Canceled"
    found = trials(client, job)
    assert len(found) == 2 and {trial.status for trial in found} == {"Canceled"}


def test_a_sweep_whose_first_trials_all_fail_is_given_up(client, sweep):
    job = sweep("python fail.py", {"n": Randint(50)}, total=10, concurrent=1)
    assert ended(client, job).status == "Failed"
    assert [trial.status for trial in trials(client, job)] == ["Failed"] * 3


def test_values_longer_than_a_tag_are_tried_too(client, sweep):
    job = sweep("echo ${{search_space.text}}", {"text": Choice(["x" * 1100])}, total=1, concurrent=1)
    assert ended(client, job).status == "Completed"
    (trial,) = trials(client, job)
    assert "hyperparameters" not in trial.tags
    assert json.loads(trial.tags["_aml_system_hyperparameters"]) == {"text": "x" * 1100}


@pytest.mark.parametrize("changes, said", [
    ({"algorithm": "grid", "space": {"rate": Uniform(0, 1)}}, "rate"),
    ({"algorithm": "bayesian", "policy": BanditPolicy(slack_factor=0.1)}, "early termination"),
    ({"algorithm": "bayesian", "space": {"n": Randint(5)}}, "Bayesian"),
    ({"space": {}}, "empty"),
    ({"space": {"x": Uniform(-1.7e308, 1.7e308)}}, "finite"),
    ({"space": {"x": Normal(0, 1.7e308)}}, "finite"),
    ({"space": {"x": QUniform(0, 1e200, 1e-200)}}, "quantization"),
    ({"total": 0}, "total"),
    ({"total": 1001}, "1000"),
    ({"concurrent": 0}, "concurrent"),
    ({"goal": "improve"}, "goal"),
    ({"line": "echo ${{search_space.other}}"}, "other"),
    ({"compute": "nowhere"}, "nowhere"),
])
def test_what_makes_no_sense_is_refused_and_leaves_nothing(client, sweep, changes, said):
    arguments = {"line": "echo never", "space": {"n": Choice([1, 2])}, "name": "never_begun", **changes}
    with pytest.raises(HttpResponseError, match=said) as refused:
        sweep(arguments.pop("line"), arguments.pop("space"), **arguments)
    assert refused.value.status_code == 400
    assert exists(client, "never_begun") is None
