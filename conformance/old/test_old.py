"""SDKs that know no other cloud than Azure's public one, through the proxy; from 1.37 on by variables too (clients.md 6.2)."""

import re

import pytest

from support import compatibility

# Long for its environments, not for its runs.
pytestmark = pytest.mark.long


def test_the_sdk_of_2018_runs_its_snippet_unchanged(old):
    said = old("sdk-2018", "batch_ai.py", str(compatibility.FOLDER))
    assert "creating a new compute target..." in said and "found compute target. just use it. oldgpu" in said
    assert "Minimum number of nodes requested have been provisioned" in said
    assert "'provisioningState': 'succeeded'" in said and "'minimumNodeCount': 1" in said
    assert "scale {'autoScaleEnabled': True, 'minNodeCount': 1, 'maxNodeCount': 3} STANDARD_NC6 lowpriority" in said
    assert "Streaming azureml-logs/70_driver_log.txt" in said and "trained on numbers in EXAMPLE_VALUE" in said
    assert "status Completed" in said and "model numbers" in said
    assert re.search("files .*'outputs/model.txt'", said)
    assert ("local Completed [('accuracy', 0.5), ('losses', [3, 2, 1]), ('places', {'x': 1, 'y': 2.5}),"
            " ('table', {'a': [1, 2], 'b': ['x', 'y']})]") in said
    assert "cluster gone" in said


def test_the_sdk_of_2018_knows_its_other_targets(old):
    said = old("sdk-2018", "targets.py", str(compatibility.FOLDER))
    assert ("attached True STANDARD_D2_V2 {'autoScaleEnabled': True, 'minNodeCount': 0, 'maxNodeCount': 2} succeeded"
            ) in said and "on attached Completed" in said
    # What was only attached is left where it is.
    assert "gone attached" in said and "still declared 200" in said
    assert "found existing: mydsvm" in said and "machine DsvmCompute Succeeded Standard_D2_v2" in said
    assert "on machine Completed" in said and "gone mydsvm" in said
    assert "Succeeded machine.invalid 22" in said and "credentials me" in said
    assert "on remote Failed" in said and "machine.invalid:22 of the compute target 'attach-dsvm' is not known" in said
    assert "spark Succeeded machine.invalid" in said and "Framework 'PySpark' is not supported" in said
    assert "trained with sklearn" in said and "on container Completed" in said
    # Two lines of the document are older than the release.
    assert "has no attribute prepare_environment" in said and "unexpected keyword argument 'project_object'" in said


@pytest.mark.parametrize("client, mode", [
    ("sdk-v1-1.17", "proxy"),
    ("sdk-v1-1.37", "proxy"),
    ("sdk-v1-1.37", "variables"),
])
def test_a_cluster_and_a_run(old, client, mode):
    said = old(client, "round.py", mode=mode)
    assert "Streaming azureml-logs/70_driver_log.txt" in said and "trained on numbers" in said
    assert "status Completed" in said and "model numbers" in said and "cluster gone" in said
    assert "metrics [('accuracy', 0.5), ('losses', [3, 2, 1]), ('places', {'x': 1, 'y': 2.5})]" in said
