"""An unchanged script of the SDK v2, of which one file was put into the Azurite behind its workspace by other means."""

import sys
from pathlib import Path

from azure.ai.ml import Input, MLClient, Output, command
from azure.ai.ml.entities import AmlCompute, Data, Environment, Workspace
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

subscription, azurite, authority = sys.argv[1:]
TRAIN = """
import pathlib, sys
data, model = map(pathlib.Path, sys.argv[1:])
print("the data is", *[each.read_text() for each in sorted(data.iterdir())])
(model / "weights.txt").write_text("heavy")
pathlib.Path("outputs").mkdir(exist_ok=True)
pathlib.Path("outputs/metrics.txt").write_text("fine")
"""

client = MLClient(DefaultAzureCredential(), subscription, "research", "mirrored")
client.workspaces.begin_create(Workspace(name="mirrored", location="koreacentral")).result()
client.compute.begin_create_or_update(AmlCompute(name="cpu", size="Standard_D2_v2", max_instances=1)).result()

Path("data").mkdir()
Path("data/1.txt").write_text("uploaded")
data = client.data.create_or_update(Data(name="numbers", path="data", type="uri_folder"))
folder = data.path.split("/paths/")[1]
container = BlobServiceClient.from_connection_string(azurite, connection_verify=authority).get_container_client(
    client.datastores.get_default().container_name)
assert container.download_blob(folder + "1.txt").readall() == b"uploaded"
container.upload_blob(folder + "2.txt", b"put there")

Path("src").mkdir()
Path("src/train.py").write_text(TRAIN)
job = client.jobs.create_or_update(command(
    code="src", command="python train.py ${{inputs.data}} ${{outputs.model}}", compute="cpu",
    environment=Environment(image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"),
    inputs={"data": Input(type="uri_folder", path="azureml:numbers:" + data.version)},
    outputs={"model": Output(type="uri_folder")}))
client.jobs.stream(job.name)
assert client.jobs.get(job.name).status == "Completed"
client.jobs.download(job.name, download_path="results", all=True)
print("downloaded:", *sorted(path.name for path in Path("results").rglob("*.txt")))
