"""Both SDKs in one shell, as `malachite env` points it: each sees the other's cluster and run."""

import os
from pathlib import Path

import pytest

from support.emulator import REPO
from support.shell import run_script

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture(scope="module")
def sdk_v1():
    """The Python that has azureml-core."""
    python = os.environ.get("MALACHITE_PYTHON_V1")
    if not python:
        pytest.skip("BOTH SDKS IN ONE SHELL NOT TESTED: MALACHITE_PYTHON_V1 names no Python with azureml-core"
                    " (scripts/venv sdk-v1 makes one)")
    return python


def test_each_sdk_sees_the_clusters_and_runs_of_the_other(emulator, subscription, sdk_v1, tmp_path):
    shell = dict(emulator=emulator, subscription=subscription, cwd=tmp_path)
    first = run_script(REPO / "examples/submit_v1.py", python=sdk_v1, **shell)
    assert "the model is in model.json" in first
    second = run_script(REPO / "examples/submit_v2.py", **shell)
    assert "the model is in downloaded" in second

    seen_by_v2 = run_script(SCRIPTS / "seen_by_v2.py", **shell)
    seen_by_v1 = run_script(SCRIPTS / "seen_by_v1.py", python=sdk_v1, **shell)
    # The example makes its cluster only where there is none: one cluster, and two runs in one experiment.
    assert [line for line in seen_by_v2.splitlines() if line.startswith("cluster")] == ["cluster cpu-cluster"]
    assert sorted(runs(seen_by_v1)) == sorted(runs(seen_by_v2))
    assert [status for _, status in runs(seen_by_v1)] == ["completed", "completed"]


def runs(printed):
    """(id, status) of each line `run ID STATUS`; one SDK prints "Completed", the other "JobStatus.COMPLETED"."""
    lines = [line.split() for line in printed.splitlines() if line.startswith("run ")]
    return [(run, status.split(".")[-1].lower()) for _, run, status in lines]
