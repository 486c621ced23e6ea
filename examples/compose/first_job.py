"""An Azure ML script (SDK v1) as one would run it against Azure: a workspace, a cluster, a job, its metric."""

import os
import pathlib
import tempfile

from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.compute import AmlCompute, ComputeTarget

SUBSCRIPTION = os.environ.get("AZURE_SUBSCRIPTION_ID", "6d616c61-6368-4974-8000-000000000001")

JOB = """
from pathlib import Path
total = sum(n * n for n in range(1000))
print("the total is", total)
Path("outputs").mkdir(exist_ok=True)
Path("outputs/total.txt").write_text(str(total))
"""

workspace = Workspace.create(
    name="compose",
    subscription_id=SUBSCRIPTION,
    resource_group="malachite",
    location="koreacentral",
    create_resource_group=True,
    exist_ok=True,
)
cluster = ComputeTarget.create(
    workspace,
    "cpu-cluster",
    AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", min_nodes=0, max_nodes=1, idle_seconds_before_scaledown=120
    ),
)
cluster.wait_for_completion(show_output=True)

environment = Environment("python-of-the-image")
environment.python.user_managed_dependencies = True

with tempfile.TemporaryDirectory() as source:
    pathlib.Path(source, "job.py").write_text(JOB)
    config = ScriptRunConfig(
        source_directory=source, script="job.py", compute_target=cluster, environment=environment
    )
    run = Experiment(workspace, "first").submit(config)
    run.wait_for_completion(show_output=True)

run.download_file("outputs/total.txt", "/tmp/total.txt")
assert pathlib.Path("/tmp/total.txt").read_text() == "332833500"
print("status:", run.get_status())
