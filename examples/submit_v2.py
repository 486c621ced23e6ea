"""Sends examples/train to a cluster with the Azure ML SDK v2 (azure-ai-ml). Nothing in it knows of the emulator.

    eval "$(./malachite env)"
    python examples/submit_v2.py

It wants the workspace and the cluster to be there; submit_v1.py makes both, and so would this SDK.
"""

import os
from pathlib import Path

from azure.ai.ml import MLClient, command
from azure.ai.ml.entities import AmlCompute, Environment
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential

client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], "examples", "examples")

try:
    client.compute.get("cpu-cluster")
except ResourceNotFoundError:
    client.compute.begin_create_or_update(
        AmlCompute(name="cpu-cluster", size="STANDARD_D2_V2", min_instances=0, max_instances=2)).result()

job = client.jobs.create_or_update(
    command(
        code=str(Path(__file__).parent / "train"),
        command="python train.py --epochs ${{inputs.epochs}}",
        inputs={"epochs": 30},
        environment=Environment(image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"),
        compute="cpu-cluster",
        experiment_name="first-steps",
    )
)
client.jobs.stream(job.name)

client.jobs.download(job.name, download_path="downloaded")
print("the model is in", next(Path("downloaded").rglob("model.json")))
