"""Inside a job: MLflow's REST by the variables alone, as mlflow would use them; nothing is installed for it."""

import json
import os
import sys
import urllib.error
import urllib.request

base, run = os.environ["MLFLOW_TRACKING_URI"], os.environ["MLFLOW_RUN_ID"]


def call(path, body=None, method=None):
    request = urllib.request.Request(
        method=method, url=base + "/api/2.0/mlflow/" + path, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


status, answer = call("runs/get?run_id=" + run)
assert (status, answer["run"]["info"]["status"]) == (200, "RUNNING"), answer
assert answer["run"]["info"]["experiment_id"] == os.environ["MLFLOW_EXPERIMENT_ID"], answer
status, answer = call("runs/log-batch", {
    "run_id": run, "params": [{"key": "depth", "value": "3"}], "tags": [{"key": "seen", "value": "inside"}],
    "metrics": [{"key": "score", "value": step / 10, "timestamp": 1700000000000 + step, "step": step} for step in range(3)]})
assert status == 200, answer
# MLflow says so at the end of every script; the job's end is its exit code.
status, answer = call("runs/update", {"run_id": run, "status": "FAILED", "end_time": 1700000000000})
assert (status, answer["run_info"]["status"]) == (200, "RUNNING"), answer
status, answer = call("runs/create", {"experiment_id": os.environ["MLFLOW_EXPERIMENT_ID"], "run_name": "fold"})
assert status == 200, answer
status, refusal = call("runs/log-metric", {"run_id": sys.argv[1], "key": "stolen", "value": 1, "timestamp": 1})
assert (status, refusal["error_code"]) == (403, "PERMISSION_DENIED"), refusal
status, answer = call("logged-models", {"experiment_id": os.environ["MLFLOW_EXPERIMENT_ID"], "name": "mine"})
assert status == 200, answer
tags, mine = {"tags": [{"key": "seen", "value": "inside"}]}, answer["model"]["info"]["model_id"]
assert call(f"logged-models/{mine}/tags", tags, "PATCH")[0] == 200
status, refusal = call(f"logged-models/{sys.argv[2]}/tags", tags, "PATCH")
assert (status, refusal["error_code"]) == (403, "PERMISSION_DENIED"), refusal
status, answer = call("runs/search", {"experiment_ids": [os.environ["MLFLOW_EXPERIMENT_ID"]]})
print("family", len(answer["runs"]), flush=True)
