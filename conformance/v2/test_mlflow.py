"""MLflow's client against the workspace: with azureml-mlflow, without it, beside the SDK v1, and inside a job (sdk-v2 §8)."""

import json
import math
import os
import shutil
import uuid
from pathlib import Path

import mlflow
import pytest
from azure.ai.ml import command
from azure.ai.ml.entities import Environment
from azure.core.exceptions import ResourceNotFoundError
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

from support.runs import FINAL
from support.shell import run_script
from support.waiting import wait_until

SCRIPTS = Path(__file__).parent / "scripts"
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
PLUGIN, PLAIN = "azureml", "https"


@pytest.fixture(scope="module")
def tracking_uri(client):
    return client.workspaces.get("laboratory").mlflow_tracking_uri


@pytest.fixture(params=[PLUGIN, PLAIN])
def form(request, tracking_uri):
    """Both forms of the tracking URI; the plain one with azureml-mlflow installed, which then signs its requests too."""
    mlflow.set_tracking_uri(tracking_uri if request.param == PLUGIN else tracking_uri.replace("azureml://", "https://"))
    yield request.param
    while mlflow.active_run():
        mlflow.end_run()


@pytest.fixture
def experiment(form):
    return mlflow.set_experiment(f"trial-{uuid.uuid4()}")


def test_the_workspace_tells_the_uri(tracking_uri):
    assert tracking_uri.startswith("azureml://")
    assert "/mlflow/v2.0/subscriptions/" in tracking_uri and tracking_uri.endswith("/workspaces/laboratory")


def test_what_a_run_logs_is_there(form, experiment, tmp_path):
    with mlflow.start_run(run_name="first", tags={"colour": "green"}) as run:
        mlflow.log_params({"rate": 0.1, "kind": "a b"})
        for step, value in enumerate([0.1, 0.2, 0.4]):
            mlflow.log_metric("acc", value, step=step)
        mlflow.log_metrics({"nan": math.nan, "most": math.inf})
        mlflow.log_metrics({"later": 1.0}, synchronous=False).wait()
        mlflow.log_text("hello", "notes/hello world.txt")
        mlflow.log_dict({"a": 1}, "notes/deep/a.json")
        with mlflow.start_run(nested=True, run_name="below") as child:
            mlflow.log_metric("acc", 0.9)
    client = mlflow.MlflowClient()
    seen = client.get_run(run.info.run_id)
    assert (seen.info.status, seen.info.run_name, seen.info.lifecycle_stage) == ("FINISHED", "first", "active")
    assert seen.info.start_time <= seen.info.end_time
    assert seen.info.artifact_uri.startswith({PLUGIN: "azureml://", PLAIN: "mlflow-artifacts:/"}[form])
    assert seen.data.params == {"rate": "0.1", "kind": "a b"}
    assert seen.data.metrics["later"] == 1.0 and seen.data.metrics["acc"] == 0.4 and math.isnan(seen.data.metrics["nan"]) and seen.data.metrics["most"] == math.inf
    assert seen.data.tags["colour"] == "green" and seen.data.tags["mlflow.user"]
    assert [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, "acc")] == [
        (0, 0.1), (1, 0.2), (2, 0.4)]
    assert client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == run.info.run_id
    assert [(each.path, each.is_dir) for each in client.list_artifacts(run.info.run_id)] == [("notes", True)]
    assert sorted(each.path for each in client.list_artifacts(run.info.run_id, "notes")) == [
        "notes/deep", "notes/hello world.txt"]
    home = client.download_artifacts(run.info.run_id, "notes", str(tmp_path))
    assert (Path(home) / "hello world.txt").read_text() == "hello"
    assert json.loads((Path(home) / "deep" / "a.json").read_text()) == {"a": 1}


def test_runs_are_found_by_what_they_logged(experiment):
    client, ids = mlflow.MlflowClient(), {}
    for number in range(4):
        with mlflow.start_run(run_name=f"run-{number}") as run:
            mlflow.log_metric("acc", number / 10)
            mlflow.log_param("kind", "ab"[number % 2])
            mlflow.set_tags({"odd": str(number % 2), "note": f'a "quoted" % {number}'})
            ids[run.info.run_id] = number

    def found(filter_string, **more):
        runs = client.search_runs([experiment.experiment_id], filter_string, **more)
        return [ids[run.info.run_id] for run in runs]

    assert found("metrics.acc > 0.1", order_by=["metrics.acc DESC"]) == [3, 2]
    assert found("metrics.acc >= 0.1 and params.kind = 'b' AND tags.odd != '0'", order_by=["metrics.acc"]) == [1, 3]
    assert found("params.kind LIKE 'A%'") == [] and sorted(found("params.kind ILIKE 'A%'")) == [0, 2]
    assert sorted(found("tags.note LIKE 'a \"q%\" _ 2'")) == [2]
    assert sorted(found("tags.`odd` ILIKE '1%'")) == [1, 3]
    assert found("tags.nope IS NOT NULL") == [] and len(found("tags.nope IS NULL")) == 4
    assert found("attributes.run_name = 'run-2' and status = 'FINISHED'") == [2]
    assert found("attributes.status = 'FAILED'") == []
    assert found("attributes.start_time > 0", order_by=["params.kind", "metrics.acc DESC"]) == [2, 0, 3, 1]
    assert found(f"run_id IN ('{next(iter(ids))}')") == [0]
    first = client.search_runs([experiment.experiment_id], max_results=3)
    rest = client.search_runs([experiment.experiment_id], max_results=3, page_token=first.token)
    assert sorted(ids[run.info.run_id] for run in [*first, *rest]) == [0, 1, 2, 3] and not rest.token
    for wrong in ["metrics.acc > 'a'", "acc", "params.kind = 1", "metrics.acc > 0.1 or params.kind = 'a'", "nope.x = 'y'",
                  "attributes.nope = 'x'", "metrics.acc LIKE 'x'", "params.kind = 'open"]:
        with pytest.raises(MlflowException) as refused:
            found(wrong)
        assert refused.value.error_code == "INVALID_PARAMETER_VALUE", wrong


def test_batches_and_their_limits(experiment):
    client = mlflow.MlflowClient()
    with mlflow.start_run() as run:
        run_id = run.info.run_id
    points = [Metric("curve", float(step), 1_700_000_000_000 + step, step) for step in range(1000)]
    client.log_batch(run_id, points, [Param("a", "1")], [RunTag("b", "2")])
    client.log_batch(run_id, [], [Param("a", "1")])
    assert len(client.get_metric_history(run_id, "curve")) == 1000
    client.set_tag(run_id, "long", "x" * 8000)
    client.delete_tag(run_id, "long")
    for refused, code in [
            (lambda: client.log_param(run_id, "a", "2"), "INVALID_PARAMETER_VALUE"),
            (lambda: client.log_param(run_id, "p", "x" * 6001), "INVALID_PARAMETER_VALUE"),
            (lambda: client.set_tag(run_id, "long", "x" * 8001), "INVALID_PARAMETER_VALUE"),
            (lambda: client.delete_tag(run_id, "long"), "RESOURCE_DOES_NOT_EXIST"),
            (lambda: client.log_metric(run_id, "a?b", 1), "INVALID_PARAMETER_VALUE"),
            (lambda: client.get_run(str(uuid.uuid4())), "RESOURCE_DOES_NOT_EXIST"),
            (lambda: client.create_experiment(experiment.name), "RESOURCE_ALREADY_EXISTS")]:
        with pytest.raises(MlflowException) as error:
            refused()
        assert error.value.error_code == code, error.value
    assert client.get_run(run_id).data.params == {"a": "1"}


def test_runs_and_experiments_are_deleted_and_restored(experiment):
    client = mlflow.MlflowClient()
    run = client.create_run(experiment.experiment_id, start_time=1_700_000_000_000)
    assert (run.info.status, run.info.start_time) == ("RUNNING", 1_700_000_000_000)
    client.set_terminated(run.info.run_id, "KILLED", 1_700_000_001_000)
    assert client.get_run(run.info.run_id).info.status == "KILLED"
    client.delete_run(run.info.run_id)
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
    assert client.search_runs([experiment.experiment_id]) == []
    with pytest.raises(MlflowException, match="active"):
        client.log_metric(run.info.run_id, "late", 1)
    client.restore_run(run.info.run_id)
    assert [each.info.run_id for each in client.search_runs([experiment.experiment_id])] == [run.info.run_id]
    client.rename_experiment(experiment.experiment_id, experiment.name + "-renamed")
    client.set_experiment_tag(experiment.experiment_id, "team", "vision")
    (found,) = client.search_experiments(filter_string=f"name LIKE '{experiment.name}%' and tags.team = 'vision'")
    assert found.name == experiment.name + "-renamed"
    client.delete_experiment(experiment.experiment_id)
    assert client.get_experiment(experiment.experiment_id).lifecycle_stage == "deleted"
    with pytest.raises(MlflowException, match="active"):
        client.create_run(experiment.experiment_id)
    client.restore_experiment(experiment.experiment_id)
    assert client.get_experiment_by_name(found.name).lifecycle_stage == "active"
    assert client.get_experiment_by_name(experiment.name) is None


def test_a_run_that_nobody_executes_is_canceled_at_once_and_deleted(client, experiment):
    run = MlflowClient().create_run(experiment.experiment_id).info.run_id
    assert client.jobs.get(run).status == "Running"
    client.jobs.begin_cancel(run).result()
    assert client.jobs.get(run).status == "Canceled" and MlflowClient().get_run(run).info.status == "KILLED"
    client.jobs.begin_delete(run).result()
    with pytest.raises(ResourceNotFoundError):
        client.jobs.get(run)


def test_a_logged_model_lies_among_its_runs_files(form, experiment):
    client = mlflow.MlflowClient()
    with mlflow.start_run() as run:
        model = client.create_logged_model(
            experiment.experiment_id, name="model", source_run_id=run.info.run_id, params={"depth": "3"}, model_type="echo")
        client.set_logged_model_tags(model.model_id, {"stage": "trial"})
        mlflow.log_text("weights", "model/weights.txt")
        client.finalize_logged_model(model.model_id, "READY")
        client.log_outputs(run.info.run_id, [mlflow.entities.LoggedModelOutput(model.model_id, 2)])
    seen = client.get_logged_model(model.model_id)
    assert (str(seen.status), seen.params, seen.tags["stage"]) == ("READY", {"depth": "3"}, "trial")
    assert seen.artifact_location == client.get_run(run.info.run_id).info.artifact_uri + "/model"
    assert (Path(mlflow.artifacts.download_artifacts(f"models:/{model.model_id}")) / "weights.txt").read_text() == "weights"
    assert [each.model_id for each in client.get_run(run.info.run_id).outputs.model_outputs] == [model.model_id]
    assert [each.model_id for each in client.search_logged_models(
        [experiment.experiment_id], filter_string="params.depth = '3' and name = 'model'")] == [model.model_id]
    client.delete_logged_model(model.model_id)
    assert client.search_logged_models([experiment.experiment_id]) == []


def test_registered_models_are_the_workspaces_models(client, form, experiment, tmp_path):
    name = f"echo-{uuid.uuid4()}"
    registry = mlflow.MlflowClient()
    with mlflow.start_run() as run:
        mlflow.log_text("weights", "model/weights.txt")
    registry.create_registered_model(name, {"team": "vision"}, "says it again")
    with pytest.raises(MlflowException) as twice:
        registry.create_registered_model(name)
    assert twice.value.error_code == "RESOURCE_ALREADY_EXISTS"
    source = run.info.artifact_uri + "/model"
    one = registry.create_model_version(name, source, run.info.run_id, {"a": "b"}, description="the first")
    two = registry.create_model_version(name, f"runs:/{run.info.run_id}/model", run.info.run_id)
    assert [(each.version, each.status, each.run_id) for each in (one, two)] == [
        ("1", "READY", run.info.run_id), ("2", "READY", run.info.run_id)]
    registry.set_model_version_tag(name, "1", "seen", "yes")
    registry.set_registered_model_alias(name, "best", "1")
    registry.transition_model_version_stage(name, "1", "Production")
    found = registry.get_model_version_by_alias(name, "best")
    assert (found.version, found.tags, found.current_stage, found.aliases, found.description) == (
        "1", {"a": "b", "seen": "yes"}, "Production", ["best"], "the first")
    assert [each.version for each in registry.get_latest_versions(name, ["Production"])] == ["1"]
    assert [each.version for each in registry.search_model_versions(f"name = '{name}'", order_by=["version_number DESC"])] == ["2", "1"]
    (model,) = registry.search_registered_models(f"name LIKE '{name[:20]}%' and tags.team = 'vision'")
    assert (model.name, model.description, model.tags) == (name, "says it again", {"team": "vision"})
    home = mlflow.artifacts.download_artifacts(f"models:/{name}/2", dst_path=str(tmp_path))
    assert (Path(home) / "weights.txt").read_text() == "weights"
    seen = client.models.get(name, "1")
    assert (seen.description, seen.tags["a"], seen.type) == ("the first", "b", "mlflow_model")
    client.models.download(name, "1", download_path=str(tmp_path / "v2"))
    assert [file.read_text() for file in (tmp_path / "v2").rglob("weights.txt")] == ["weights"]
    registry.delete_model_version(name, "1")
    assert [each.version for each in registry.search_model_versions(f"name = '{name}'")] == ["2"]
    registry.delete_registered_model(name)
    with pytest.raises(MlflowException) as gone:
        registry.get_registered_model(name)
    assert gone.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_the_sdk_v1_and_mlflow_see_the_same_runs(emulator, lab, client, tracking_uri, tmp_path):
    python = os.environ.get("MALACHITE_PYTHON_V1")
    if not python:
        pytest.skip("MLFLOW BESIDE THE SDK V1 NOT TESTED: MALACHITE_PYTHON_V1 names no Python with azureml-core")
    mlflow.set_tracking_uri(tracking_uri)
    mlflow.set_experiment("shared")
    with mlflow.start_run(tags={"made_by": "mlflow"}) as run:
        for step in range(3):
            mlflow.log_metric("acc", step / 10, step=step)
        mlflow.log_metric("once", 7)
        with mlflow.start_run(nested=True) as child:
            pass
    printed = run_script(
        SCRIPTS / "metrics_v1.py", run.info.run_id, emulator=emulator, subscription=lab, cwd=tmp_path, python=python)
    seen = json.loads(printed.splitlines()[-1])
    assert seen["metrics"]["acc"] == [0.0, 0.1, 0.2] and seen["metrics"]["once"] == 7.0
    assert (seen["tags"]["made_by"], seen["status"], seen["children"]) == ("mlflow", "Completed", [child.info.run_id])
    mlflow_client = mlflow.MlflowClient()
    assert mlflow_client.get_run(run.info.run_id).data.metrics["from_v1"] == 0.5
    own = mlflow_client.get_run(seen["own"])
    assert (own.info.status, own.data.tags["made_by"]) == ("FINISHED", "v1")
    assert own.data.metrics == {"loss": 1.0, "curve.x": 1.0, "curve.y": 2.5}
    assert [point.value for point in mlflow_client.get_metric_history(seen["own"], "loss")] == [3.0, 2.0, 1.0]
    assert [each.info.run_id for each in mlflow_client.search_runs(
        [own.info.experiment_id], "metrics.loss <= 1 and tags.made_by = 'v1'")] == [seen["own"]]


def submitted(client, cluster, code, line, environment):
    job = client.jobs.create_or_update(command(
        code=str(code), command=line, environment=environment, compute=cluster.name, experiment_name="trial"))
    status = wait_until(lambda: (now := client.jobs.get(job.name).status) in FINAL and now, "the job's end", 500)
    if status != "Completed":
        client.jobs.stream(job.name)
    return job


def test_a_job_logs_to_its_own_run_by_the_variables_alone(client, cluster, tracking_uri, tmp_path):
    mlflow.set_tracking_uri(tracking_uri)
    other = mlflow.MlflowClient().create_run(mlflow.set_experiment("elsewhere").experiment_id)
    shutil.copy(SCRIPTS / "mlflow_in_job.py", tmp_path)
    model = mlflow.MlflowClient().create_logged_model(other.info.experiment_id, name="theirs")
    job = submitted(client, cluster, tmp_path, f"python mlflow_in_job.py {other.info.run_id} {model.model_id}",
                    Environment(image=IMAGE))
    run = mlflow.MlflowClient().get_run(job.name)
    assert (run.info.status, run.info.run_id) == ("FINISHED", job.name)
    assert (run.data.params, run.data.metrics, run.data.tags["seen"]) == ({"depth": "3"}, {"score": 0.2}, "inside")
    (child,) = mlflow.MlflowClient().search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{job.name}'")
    assert child.info.run_name == "fold"
    assert mlflow.MlflowClient().get_run(other.info.run_id).data.metrics == {}


@pytest.mark.all
def test_autolog_inside_a_job(client, cluster, tracking_uri, tmp_path):
    shutil.copy(SCRIPTS / "autolog.py", tmp_path)
    conda = {"name": "sk", "dependencies": ["python", "pip", {"pip": [
        "mlflow-skinny==3.15.0", "azureml-mlflow==1.62.0.post6", "scikit-learn", "pandas"]}]}
    job = submitted(client, cluster, tmp_path, "python autolog.py", Environment(image=IMAGE, conda_file=conda))
    mlflow.set_tracking_uri(tracking_uri)
    run = mlflow.MlflowClient().get_run(job.name)
    assert run.info.status == "FINISHED"
    assert run.data.params["max_iter"] == "200" and run.data.metrics["training_accuracy_score"] > 0.9
    (made,) = run.outputs.model_outputs
    assert mlflow.MlflowClient().get_logged_model(made.model_id).status == "READY"
    assert "model/MLmodel" in [each.path for each in mlflow.MlflowClient().list_artifacts(job.name, "model")]
