"""The SDK v1 with a run that MLflow has made: logs to it, makes one of its own, and prints what it sees of both."""

import json
import os
import sys

from azureml.core import Experiment, Run, Workspace

ws = Workspace(os.environ["AZURE_SUBSCRIPTION_ID"], "research", "laboratory")
experiment = Experiment(ws, "shared")
seen = Run(experiment, sys.argv[1])
seen.log("from_v1", 0.5)
seen.flush()
own = experiment.start_logging(snapshot_directory=None)
for loss in (3.0, 2.0, 1.0):
    own.log("loss", loss)
own.log_row("curve", x=1, y=2.5)
own.tag("made_by", "v1")
own.complete()
print(json.dumps({
    "metrics": seen.get_metrics(), "tags": seen.get_tags(), "status": seen.get_status(),
    "children": [child.id for child in seen.get_children()], "own": own.id}))
