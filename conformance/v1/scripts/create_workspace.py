import os

from azureml.core import Workspace

ws = Workspace.create(
    name="myworkspace",
    subscription_id=os.environ["AZURE_SUBSCRIPTION_ID"],
    resource_group="myresourcegroup",
    create_resource_group=True,
    location="koreacentral",
)
ws.write_config()
print("wrote the configuration of", ws.name)
