"""Document 000 with its own SDK: a Batch AI cluster by its snippet, a run on it and one here, status, deletion."""

import os
import sys
import time

import azureml.core
from azureml.core import Experiment, ScriptRunConfig, Workspace
from azureml.core.compute import BatchAiCompute
from azureml.core.runconfig import RunConfiguration

DOCUMENT = sys.argv[1]

os.makedirs("project/sub")
with open("project/train.py", "w") as script:
    script.write("import os, shutil, time\n"
                 "print('trained on', open('sub/data.txt').read(), 'in', os.environ['EXAMPLE_ENV_VAR'], flush=True)\n"
                 "os.makedirs('outputs', exist_ok=True)\n"
                 "shutil.copy('sub/data.txt', 'outputs/model.txt')\n"
                 "time.sleep(2)  # so that its log is seen while it runs\n")
with open("project/local.py", "w") as script:
    script.write("from azureml.core import Run\n"
                 "run = Run.get_context()\n"
                 "run.log('accuracy', 0.5)\n"
                 "run.log_list('losses', [3, 2, 1])\n"
                 "run.log_row('places', x=1, y=2.5)\n"
                 "run.log_table('table', {'a': [1, 2], 'b': ['x', 'y']})\n"
                 "print('logged here')\n")
os.makedirs("project/sub", exist_ok=True)
with open("project/sub/data.txt", "w") as data:
    data.write("numbers")

ws = Workspace.create("old", subscription_id=os.environ["AZURE_SUBSCRIPTION_ID"], resource_group="rg",
                      location="eastus2", create_resource_group=True)
assert Workspace.get("old", subscription_id=ws.subscription_id, resource_group="rg").name == "old"
names = {"ws": ws, "azureml": azureml}


def snippet(number):
    with open(os.path.join(DOCUMENT, "000_%02d.py" % number)) as text:
        exec(text.read(), names)


snippet(7)
snippet(7)
cluster = names["compute_target"]
assert type(cluster) is BatchAiCompute, cluster
print("scale", cluster.scale_settings.serialize(), cluster.vm_size, cluster.vm_priority)


def submit(script, target, interpreter):
    configuration = RunConfiguration()
    configuration.target = target
    configuration.environment.python.user_managed_dependencies = True
    configuration.environment.python.interpreter_path = interpreter
    run = Experiment(ws, "autumn").submit(ScriptRunConfig("project", script, run_config=configuration))
    run.wait_for_completion(show_output=True)
    return run


run = submit("train.py", cluster.name, "python")
print("status", run.get_status())
print("files", sorted(run.get_file_names()))
run.download_file("outputs/model.txt", "model.txt")
print("model", open("model.txt").read())
local = submit("local.py", "local", sys.executable)
print("local", local.get_status(), sorted(local.get_metrics().items()))

cluster.delete()
while cluster.name in ws.compute_targets():
    time.sleep(0.5)
print("cluster gone")
