"""Sends examples/train to a cluster with the Azure ML SDK v1 (azureml-core). Nothing in it knows of the emulator.

    eval "$(./malachite env)"
    python examples/submit_v1.py
"""

import os
from pathlib import Path

from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.compute_target import ComputeTargetException

ws = Workspace.create(
    name="examples",
    subscription_id=os.environ["AZURE_SUBSCRIPTION_ID"],
    resource_group="examples",
    location="koreacentral",
    create_resource_group=True,
    exist_ok=True,
)

try:
    cluster = ComputeTarget(ws, "cpu-cluster")
except ComputeTargetException:
    config = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", min_nodes=0, max_nodes=2)
    cluster = ComputeTarget.create(ws, "cpu-cluster", config)
    cluster.wait_for_completion(show_output=True)

environment = Environment("plain-python")
environment.python.user_managed_dependencies = True  # the image's own Python will do

run = Experiment(ws, "first-steps").submit(
    ScriptRunConfig(
        source_directory=str(Path(__file__).parent / "train"),
        script="train.py",
        arguments=["--epochs", 30],
        compute_target=cluster,
        environment=environment,
    )
)
run.wait_for_completion(show_output=True)

metrics = run.get_metrics()
print(f"loss fell from {metrics['loss'][0]:.3f} to {metrics['loss'][-1]:.3f}, accuracy {metrics['accuracy']:.3f}")
run.download_file("outputs/model.json", "model.json")
print("the model is in model.json")
