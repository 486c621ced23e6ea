"""Scripts as a newcomer writes them, unchanged, each in a shell that `malachite env` has pointed."""

import shutil
from pathlib import Path

import pytest

from support.emulator import REPO
from support.shell import run_script

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture
def shell(emulator, subscription, tmp_path):
    """Runs scripts in a folder that holds copies of them all."""
    folder = tmp_path / "work"
    shutil.copytree(SCRIPTS, folder)
    return lambda script: run_script(script, emulator=emulator, subscription=subscription, cwd=folder)


def test_from_an_empty_subscription_to_a_finished_run(shell):
    assert "wrote the configuration of myworkspace" in shell("create_workspace.py")
    # The snippet of document 001, once for a cluster that is not there and once for one that is.
    first = shell("cpu_cluster.py")
    assert "AmlCompute wait for completion finished" in first and "'currentNodeCount': 0" in first
    assert "Found existing cluster, use it." in shell("cpu_cluster.py")
    assert "principal SystemAssigned" in shell("identity.py")
    submitted = shell("submit.py")
    assert "hello from v1" in submitted and "Completed" in submitted and "outputs/hello.txt" in submitted


def test_the_example_trains_and_brings_its_model_home(emulator, subscription, tmp_path):
    printed = run_script(REPO / "examples/submit_v1.py", emulator=emulator, subscription=subscription, cwd=tmp_path)
    assert "epoch  30" in printed and "loss fell from 0.693" in printed
    assert '"weights"' in (tmp_path / "model.json").read_text()
