"""Mistakes and malice on MLflow's paths: MLflow's own error codes and statuses, and nothing left behind (sdk-v2 §8)."""

import json
import math
import uuid

import pytest

from support.refusal import LEAKS

ROOTS = ["/mlflow/v1.0{ws}/api/2.0/mlflow/", "/mlflow/v2.0{ws}/api/2.0/mlflow/", "/mlflow/v2.0{ws}/api/2.0/preview/mlflow/"]


@pytest.fixture(scope="module")
def call(wire):
    def call(path, body=None, root=ROOTS[1], method=None, **more):
        url = root.format(ws=wire.workspace) + path
        return wire(method or ("GET" if body is None else "POST"), url, version=None, json=body, **more)
    return call


@pytest.fixture(scope="module")
def run(call):
    experiment = call("experiments/create", {"name": f"bad-{uuid.uuid4()}"}).json()["experiment_id"]
    return call("runs/create", {"experiment_id": experiment, "start_time": 1}).json()["run"]["info"]


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["error_code"]) == (status, code), answer.text[:500]
    assert answer.json()["message"] and not LEAKS.search(answer.text), answer.text[:500]


@pytest.mark.parametrize("root", ROOTS)
def test_every_root_serves_the_same(call, run, root):
    assert call("runs/get?run_id=" + run["run_id"], root=root).json()["run"]["info"]["experiment_id"] == run["experiment_id"]


METRIC = {"key": "m", "value": 1, "timestamp": 1}
INVALID = {
    "log-metric": [
        {"key": None}, {"key": ""}, {"key": 7}, {"key": "a?b"}, {"key": "../b"}, {"key": "a//b"}, {"key": "x" * 251},
        {"value": None}, {"value": "high"}, {"value": True}, {"value": {}}, {"timestamp": None}, {"timestamp": -1},
        {"timestamp": 1.5}, {"timestamp": 10**30}, {"timestamp": "soon"}, {"step": "1e400"}, {"step": 2**63}],
    "log-parameter": [{"key": ""}, {"key": "x" * 251}, {"key": "a\nb"}, {"value": "x" * 6001}, {"value": 7}, {"value": []}],
    "set-tag": [{"key": ""}, {"key": "x" * 251}, {"value": "x" * 8001}, {"value": {"a": 1}}],
    "log-batch": [
        {"metrics": [METRIC] * 1001}, {"params": [{"key": f"p{n}", "value": "1"} for n in range(101)]},
        {"tags": [{"key": f"t{n}", "value": "1"} for n in range(101)]}, {"metrics": "m"}, {"metrics": [1]},
        {"metrics": [{**METRIC, "value": "x"}]}, {"params": [{"key": "p", "value": "1"}, {"key": "p", "value": "2"}]}],
    "update": [{"status": "Completed"}, {"status": 9}, {"end_time": "never"}],
    "log-model": [{"model_json": ""}, {"model_json": "{"}, {"model_json": "[]"}, {"model_json": "{}"}],
    "log-inputs": [{"datasets": [{}]}, {"datasets": [{"dataset": {"name": "d"}}]},
                   {"datasets": [{"dataset": {"name": "d", "digest": "x" * 37}}]}],
    "outputs": [{"models": [{}]}, {"models": [{"model_id": "../x"}]}],
}
CASES = [(path, change) for path, changes in INVALID.items() for change in changes]


@pytest.mark.parametrize("path,change", CASES, ids=[f"{path}-{json.dumps(change)[:40]}" for path, change in CASES])
def test_what_is_not_valid_is_refused_whole(call, run, path, change):
    fine = {"log-metric": METRIC, "log-parameter": {"key": "p", "value": "1"}, "set-tag": {"key": "t", "value": "1"}}
    body = {"run_id": run["run_id"], **fine.get(path, {}), **change}
    before = call("runs/get?run_id=" + run["run_id"]).json()
    refused(call("runs/" + path, body), 400, "INVALID_PARAMETER_VALUE")
    assert call("runs/get?run_id=" + run["run_id"]).json() == before


NOWHERE = str(uuid.uuid4())
MISSING = [
    ("GET", "runs/get?run_id=" + NOWHERE, None), ("POST", "runs/log-metric", {"run_id": NOWHERE, **METRIC}),
    ("POST", "runs/delete", {"run_id": NOWHERE}), ("GET", "experiments/get?experiment_id=" + NOWHERE, None),
    ("GET", "experiments/get-by-name?experiment_name=nowhere", None), ("POST", "runs/create", {"experiment_id": NOWHERE}),
    ("POST", "experiments/delete", {"experiment_id": NOWHERE}), ("GET", "artifacts/list?run_id=" + NOWHERE, None),
    ("GET", "metrics/get-history?metric_key=m&run_id=" + NOWHERE, None), ("GET", "logged-models/m-1", None),
    ("PATCH", "logged-models/m-1", {"status": "LOGGED_MODEL_READY"}), ("GET", "registered-models/get?name=nowhere", None),
    ("GET", "model-versions/get?name=nowhere&version=1", None), ("DELETE", "registered-models/delete", {"name": "nowhere"}),
    ("POST", "model-versions/create", {"name": "nowhere", "source": "runs:/x/y"})]


@pytest.mark.parametrize("method,path,body", MISSING, ids=[f"{method} {path[:40]}" for method, path, _ in MISSING])
def test_what_is_not_there_is_not_found(call, method, path, body):
    refused(call(path, body, method=method), 404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("path", ["traces", "traces/search", "runs/nothing", "webhooks", "gateway-proxy"])
def test_what_there_is_not_is_no_endpoint(call, path):
    refused(call(path, {}), 404, "ENDPOINT_NOT_FOUND")


@pytest.mark.parametrize("change", [
    {"filter": "metrics.m > "}, {"filter": "metrics.m > 'x'"}, {"filter": "a" * 10001}, {"filter": "params.p = 'a' or params.p = 'b'"},
    {"filter": "tags.\"x = 'y'"}, {"filter": "run_id IN ()"}, {"filter": "params.p LIKE '%a%b%c%'"}, {"filter": " and ".join(["metrics.m > 1"] * 51)},
    {"order_by": ["nothing"]}, {"order_by": ["metrics.m", "metrics.m DESC"]}, {"order_by": ["metrics.m sideways"]},
    {"max_results": 0}, {"max_results": 50001}, {"max_results": "many"}, {"page_token": "x"}, {"run_view_type": "SOME"},
    {"experiment_ids": [NOWHERE] * 1001}, {"experiment_ids": [{}]}], ids=lambda change: json.dumps(change)[:50])
def test_a_search_that_means_nothing_is_refused(call, run, change):
    refused(call("runs/search", {"experiment_ids": [run["experiment_id"]], **change}), 400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("value", ["'; drop table run; --", "a' or '1' = '1", "%", "\\", '"', "\u0000"])
def test_values_are_only_values(call, run, value):
    quoted = value.replace("'", "''")
    answer = call("runs/search", {
        "experiment_ids": [run["experiment_id"], value], "filter": f"params.p = '{quoted}' and tags.t LIKE '{quoted}'"})
    assert answer.status_code in (200, 400) and not answer.json().get("runs"), answer.text
    assert call("runs/get?run_id=" + run["run_id"]).ok


FILES = "/mlflow/v2.0{ws}/api/2.0/mlflow-artifacts/artifacts"


@pytest.mark.parametrize("path", ["", "/", "/x", "/{exp}/{run}", "/{exp}/{run}/artifacts", "/{exp}/{run}/other/f", "/{exp}/{run}/artifacts/%2e%2e/f",
                                  "/{exp}/{run}/artifacts/a%5c..%5cf", "/{exp}/{run}/artifacts/a%00b", "/{exp}/{run}/artifacts/" + "x" * 1100])
def test_no_file_is_written_outside_of_a_run(wire, run, path):
    url = (FILES + path).format(ws=wire.workspace, exp=run["experiment_id"], run=run["run_id"])
    answer = wire("PUT", url, version=None, data=b"x")
    assert 400 <= answer.status_code < 500 and not LEAKS.search(answer.text), f"{answer.status_code} {answer.text[:300]}"


def test_files_come_back_and_go(wire, call, run):
    root = FILES.format(ws=wire.workspace) + f"/{run['experiment_id']}/{run['run_id']}/artifacts"
    assert wire("PUT", root + "/a/b%20c.bin", version=None, data=b"12345").ok
    listed = call(f"artifacts/list?run_id={run['run_id']}&path=a").json()
    assert listed["files"] == [{"path": "a/b c.bin", "is_dir": False, "file_size": 5}]
    inside = wire("GET", FILES.format(ws=wire.workspace) + f"?path={run['experiment_id']}/{run['run_id']}/artifacts/a", version=None)
    assert inside.json()["files"] == [{"path": "b c.bin", "is_dir": False, "file_size": 5}]
    assert wire("GET", root + "/a/b%20c.bin", version=None).content == b"12345"
    assert wire("DELETE", root + "/a", version=None).ok
    refused(wire("GET", root + "/a/b%20c.bin", version=None), 404, "RESOURCE_DOES_NOT_EXIST")
    refused(wire("GET", root.replace(run["run_id"], NOWHERE) + "/x", version=None), 404, "RESOURCE_DOES_NOT_EXIST")


def test_without_a_token_only_mlflow_itself_is_served(call):
    refused(call("experiments/search", {}, headers={"Authorization": None}), 401, "UNAUTHENTICATED")
    client = {"Authorization": None, "User-Agent": "mlflow-python-client/3.15.0"}
    assert call("experiments/search", {}, headers=client).ok


def test_numbers_that_json_has_not_come_back(call, run):
    for key, value in {"nan": "NaN", "most": "Infinity", "least": "-Infinity"}.items():
        assert call("runs/log-metric", {"run_id": run["run_id"], "key": key, "value": value, "timestamp": 1}).ok
    metrics = {each["key"]: each["value"] for each in call("runs/get?run_id=" + run["run_id"]).json()["run"]["data"]["metrics"]}
    assert {key: metrics[key] for key in ("nan", "most", "least")} == {"nan": "NaN", "most": "Infinity", "least": "-Infinity"}
    assert math.isinf(float(metrics["most"]))
