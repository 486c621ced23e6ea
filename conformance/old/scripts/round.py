"""A workspace, a cluster, a run with its log, metrics and files: what every azureml-core since 1.0 can do."""

import os
import time

import azureml.core
from azureml.core import Experiment, ScriptRunConfig, Workspace
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.runconfig import RunConfiguration

os.makedirs("project/sub")
with open("project/train.py", "w") as script:
    script.write("import os, shutil, time\n"
                 "print('trained on', open('sub/data.txt').read(), flush=True)\n"
                 "os.makedirs('outputs', exist_ok=True)\n"
                 "shutil.copy('sub/data.txt', 'outputs/model.txt')\n"
                 "time.sleep(2)  # so that its log is seen while it runs\n")
with open("project/sub/data.txt", "w") as data:
    data.write("numbers")

ws = Workspace.create("ws-" + azureml.core.VERSION.replace(".", "-"), subscription_id=os.environ["AZURE_SUBSCRIPTION_ID"],
                      resource_group="rg", location="koreacentral", create_resource_group=True, exist_ok=True)
cluster = ComputeTarget.create(ws, "cpu", AmlCompute.provisioning_configuration(
    vm_size="STANDARD_D2_V2", min_nodes=0, max_nodes=2))
cluster.wait_for_completion()

configuration = RunConfiguration()
configuration.target = "cpu"
configuration.environment.python.user_managed_dependencies = True
run = Experiment(ws, "round").submit(ScriptRunConfig("project", "train.py", run_config=configuration))
run.wait_for_completion(show_output=True)
print("status", run.get_status())
run.log("accuracy", 0.5)
run.log_list("losses", [3, 2, 1])
run.log_row("places", x=1, y=2.5)
run.flush()
print("metrics", sorted(run.get_metrics().items()))
run.download_file("outputs/model.txt", "model.txt")
print("model", open("model.txt").read())
cluster.delete()
while "cpu" in ws.compute_targets:
    time.sleep(0.5)
print("cluster gone")
