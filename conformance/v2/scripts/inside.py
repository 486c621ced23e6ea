"""What somebody does inside a compute instance: the machine's own file and identity say where and who."""

import requests
from azure.ai.ml import MLClient
from azure.ai.ml._artifacts._artifact_utilities import get_datastore_info, list_logs_in_datastore
from azure.ai.ml.entities import Data
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

client = MLClient.from_config(DefaultAzureCredential())
print("workspace", client.workspace_name, "of", [each.name for each in client.workspaces.list()])
assert list(client.compute.list_usage()) and list(client.compute.list_sizes()) and list(client.registries.list()) == []
client.data.create_or_update(Data(name="from-inside", type="uri_file", path=__file__))
# What jobs.stream does while a job runs.
store = get_datastore_info(client.datastores, "workspaceartifactstore")
files = ContainerClient(store["account_url"], store["container_name"], credential=store["credential"])
files.upload_blob("inside/user_logs/std_log.txt", b"a line")
(url,) = list_logs_in_datastore(store, "inside", "/azureml-logs/").values()
print("log", requests.get(url).text)
