"""What somebody does inside a compute instance: nobody signs in and no auth is named (contracts: sdk-v1 §1.8)."""

from azureml.core import Experiment, Workspace
from azureml.core.compute import AmlCompute, ComputeTarget

ws = Workspace.from_config()
print("workspace", ws.name, "of", list(Workspace.list(ws.subscription_id)))
assert AmlCompute.supported_vmsizes(ws)
made = ComputeTarget.create(ws, "from-inside", AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=1))
made.wait_for_completion()
made.delete()
run = Experiment(ws, "inside").start_logging()
run.log("answer", 42)
run.complete()
ws.get_default_datastore().upload_files([__file__], target_path="inside", show_progress=False)
print("metrics", run.get_metrics())
