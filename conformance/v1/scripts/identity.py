from azureml.core import Workspace
from azureml.core.compute import AmlCompute, ComputeTarget

ws = Workspace.from_config()

# configure cluster with a system-assigned managed identity
compute_config = AmlCompute.provisioning_configuration(
    vm_size="STANDARD_D2_V2", max_nodes=5, identity_type="SystemAssigned")
cluster = ComputeTarget.create(ws, "identity-cluster", compute_config)
cluster.wait_for_completion(show_output=True)
print("principal", cluster.identity_type)
cluster.delete()
