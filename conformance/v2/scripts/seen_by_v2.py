import os

from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential

client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], "examples", "examples")
for compute in client.compute.list():
    print("cluster", compute.name)
for job in client.jobs.list():
    print("run", job.name, client.jobs.get(job.name).status)
