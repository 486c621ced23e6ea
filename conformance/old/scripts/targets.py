"""Document 000's other targets with its own SDK: virtual machines made and attached, Batch AI and HDInsight attached, a container."""

import os
import sys
import time

import azureml.core
import requests
from azureml.core import Experiment, ScriptRunConfig, Workspace
from azureml.core.compute import BatchAiCompute, DsvmCompute, HDInsightCompute, RemoteCompute
from azureml.core.runconfig import RunConfiguration
from azureml.exceptions import ComputeTargetException, UserErrorException

DOCUMENT = sys.argv[1]
GROUP = "/subscriptions/%s/resourceGroups/rg" % os.environ["AZURE_SUBSCRIPTION_ID"]
BATCH_AI = GROUP + "/providers/Microsoft.BatchAI/workspaces/research/clusters/gpu"
PLACES = {"<name>": "'attached'", "<resource-id>": repr(BATCH_AI), "<fqdn>": "machine.invalid", "<username>": "me",
          "<password>": "secret"}

os.makedirs("project")
with open("project/train.py", "w") as script:
    script.write("import sklearn\nprint('trained with', sklearn.__name__, flush=True)\n")
with open("project/plain.py", "w") as script:
    script.write("print('trained without', flush=True)\n")

ws = Workspace.create("targets", subscription_id=os.environ["AZURE_SUBSCRIPTION_ID"], resource_group="rg",
                      location="eastus2", create_resource_group=True)
names = {"ws": ws, "azureml": azureml, "UserErrorException": UserErrorException, "RunConfiguration": RunConfiguration}


def snippet(number):
    with open(os.path.join(DOCUMENT, "000_%02d.py" % number)) as text:
        code = text.read()
    for place, own in PLACES.items():
        code = code.replace(place, own)
    exec(code, names)


def submit(script, configuration):
    run = Experiment(ws, "autumn").submit(ScriptRunConfig("project", script, run_config=configuration))
    try:
        run.wait_for_completion(show_output=True)
    except Exception as failed:
        print("raised", failed)
    return run


def plain(target):
    configuration = RunConfiguration()
    configuration.target = target
    configuration.environment.python.user_managed_dependencies = True
    configuration.environment.python.interpreter_path = "python"
    return configuration


def gone(target):
    target.delete()
    while target.name in ws.compute_targets():
        time.sleep(0.5)
    print("gone", target.name)


# The cluster is another service's; who has it declares it, as a template does.
declared = requests.put(
    "https://management.azure.com" + BATCH_AI, params={"api-version": "2018-05-01"}, headers=ws._auth.get_authentication_header(),
    json={"location": "eastus2", "properties": {"vmSize": "STANDARD_D2_V2", "vmPriority": "dedicated", "scaleSettings": {
        "autoScale": {"minimumNodeCount": 0, "maximumNodeCount": 2}}}})
print("declared", declared.status_code)
snippet(8)
attached = BatchAiCompute(ws, "attached")
attached.wait_for_completion(show_output=True)
print("attached", attached.cluster_resource_id == BATCH_AI, attached.vm_size, attached.scale_settings.serialize(),
      attached.get_status().provisioning_state)
print("on attached", submit("plain.py", plain("attached")).get_status())
gone(attached)
again = requests.get("https://management.azure.com" + BATCH_AI, params={"api-version": "2018-05-01"},
                     headers=ws._auth.get_authentication_header())
print("still declared", again.status_code)

snippet(3)
snippet(3)
machine = names["dsvm_compute"]
machine.refresh_state()
print("machine", type(machine).__name__, machine.provisioning_state, machine.vm_size)
try:
    snippet(5)
except AttributeError as refused:
    # This release does not know the document's name for auto_prepare_environment.
    print("configuration", refused)
print("on machine", submit("plain.py", plain("mydsvm")).get_status())
print("configured", names["run_config"].target, names["run_config"].environment.docker.base_image)
snippet(6)
while machine.name in ws.compute_targets():
    time.sleep(0.5)
print("gone", machine.name)

snippet(4)
remote = names["dsvm_compute"]
print("remote", type(remote).__name__, remote.provisioning_state, remote.address, remote.ssh_port)
print("credentials", remote.get_credentials()["administratorAccount"]["username"])
run = submit("plain.py", plain("attach-dsvm"))
print("on remote", run.get_status(), run.get_details().get("error"))
gone(remote)

project = None
try:
    names["project"] = project
    snippet(10)
except TypeError as refused:
    # The document was written before this release: what it loads the configuration with has other names here.
    print("load", refused)
spark = HDInsightCompute(ws, "myhdi")
print("spark", spark.provisioning_state, spark.address)
try:
    configuration = plain("myhdi")
    configuration.framework = "PySpark"
    print("on spark", submit("plain.py", configuration).get_status())
except Exception as refused:
    print("refused", refused)
gone(spark)

snippet(9)
print("on container", submit("train.py", names["run_config"]).get_status())
try:
    BatchAiCompute.attach(ws, "nothing", GROUP + "/providers/Microsoft.Batch/batchAccounts/b")
except ComputeTargetException as refused:
    print("refused by the SDK", refused)
