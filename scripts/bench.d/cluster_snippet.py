"""Run by the SDK v1's Python: the cluster's life as the service's documentation shows it; prints the seconds of each step."""

import json
import os
import sys
import time

from azureml.core import Workspace
from azureml.core.compute import AmlCompute, ComputeTarget

name = sys.argv[1]
ws = Workspace.get("snippet", subscription_id=os.environ["AZURE_SUBSCRIPTION_ID"], resource_group="bench")
wanted = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", min_nodes=0, max_nodes=4)

marks = [time.perf_counter()]
cluster = ComputeTarget.create(ws, name, wanted)
marks.append(time.perf_counter())
cluster.wait_for_completion(show_output=False)
marks.append(time.perf_counter())
listed = list(ws.compute_targets)
marks.append(time.perf_counter())
cluster.delete()
marks.append(time.perf_counter())

assert name in listed, listed
steps = dict(zip(("create", "wait", "list", "delete"), (after - before for before, after in zip(marks, marks[1:]))))
print("\n" + json.dumps({"all": marks[-1] - marks[0], **steps}))
