import os

from azureml.core import Experiment, Workspace

ws = Workspace(os.environ["AZURE_SUBSCRIPTION_ID"], "examples", "examples")
for name in ws.compute_targets:
    print("cluster", name)
for run in Experiment(ws, "first-steps").get_runs():
    print("run", run.id, run.get_status())
    assert run.get_metrics()["loss"], "the metrics of every run are seen"
