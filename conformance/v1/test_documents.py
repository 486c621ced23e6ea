"""Every snippet of documents 000, 001 and 003, as it stands there, does what docs/compatibility.md says of it."""

import re

import azureml.core
import pytest
from azureml.core import Experiment, ScriptRunConfig
from azureml.core.compute import AmlCompute, ComputeTarget

from support import compatibility
from support.runs import ended, error_of, log_of

SNIPPETS = {compatibility.name(each): each for each in compatibility.snippets()}


def tried(states):
    return [pytest.param(each, id=name, marks=[pytest.mark.all] if each.get("slow") else [])
            for name, each in SNIPPETS.items()
            if each["state"] in states and (compatibility.FOLDER / f"{name}.py").exists()]


@pytest.fixture(scope="module")
def exp(ws):
    return Experiment(ws, "documents")


@pytest.fixture
def reader(ws, exp, cluster, project):
    """Does what a reader does: goes through the text in order, puts own names in, and runs a snippet."""
    names = {"ws": ws, "exp": exp, "cpu_cluster": cluster, "azureml": azureml, "ScriptRunConfig": ScriptRunConfig,
             "AmlCompute": AmlCompute, "ComputeTarget": ComputeTarget,
             "script_folder": project({"train.py": "print('trained')"})}

    def read(snippet):
        for before in snippet.get("after", []):
            read(SNIPPETS[f"{snippet['document']}_{before:02d}"])
        file = compatibility.FOLDER / f"{compatibility.name(snippet)}.py"
        text = snippet.get("before", "") + file.read_text(encoding="utf-8")
        for place, own in snippet.get("names", {}).items():
            text = text.replace(place, own)
        exec(compile(text, str(file), "exec"), names)
        return names
    return read


def local_run(names):
    run = names["exp"].submit(ScriptRunConfig(
        names["script_folder"], "train.py", run_config=names["run_config_user_managed"]))
    assert ended(run) == "Completed", error_of(run)
    assert "trained" in log_of(run)


def made(names, **expected):
    cluster = ComputeTarget.create(names["ws"], "by-document", names["compute_config"])
    cluster.wait_for_completion()
    status = cluster.get_status().serialize()
    assert {key: status[key] for key in expected} == expected
    cluster.delete()


def identity(names, kind):
    names["cpu_cluster"].wait_for_completion()
    names["cpu_cluster"].refresh_state()
    assert kind in names["cpu_cluster"].identity_type


def scikit_learn(names):
    wanted = names["run_config_system_managed"].environment.python.conda_dependencies
    assert "scikit-learn" in list(wanted.conda_packages)


def completed(names):
    assert names["run"].get_status() == "Completed" and "trained" in log_of(names["run"])


def attached(names, target, resource, credential=None):
    assert (names[target].provisioning_state, names[target].is_attached) == ("Succeeded", True)
    assert names[target].cluster_resource_id.endswith(resource)
    if credential:
        assert "secret" in str(names[target].get_credentials()[credential])


def in_workspace(names, name, there):
    assert (name in names["ws"].compute_targets) == there


def gone(ws, name):
    assert name not in ws.compute_targets


def instance(names, state):
    assert names["instance"].get_status().state == state


CHECKS = {
    "000_01": local_run,
    "000_02": scikit_learn,
    "000_03": lambda names: in_workspace(names, "mydsvm", True),
    "000_06": lambda names: in_workspace(names, "mydsvm", False),
    "000_11": completed,
    "001_02": lambda names: made(names, vmPriority="LowPriority"),
    "001_04": lambda names: made(names, vmPriority="Dedicated"),
    "001_05": lambda names: identity(names, "UserAssigned"),
    "001_06": lambda names: identity(names, "SystemAssigned"),
    "001_07": lambda names: identity(names, "UserAssigned"),
    "001_09": lambda names: attached(names, "compute", "/virtualMachines/dsvm", "administratorAccount"),
    "001_11": lambda names: attached(names, "hdi_compute", "/clusters/spark", "administratorAccount"),
    "001_13": lambda names: attached(names, "batch_compute", "/batchAccounts/batch"),
    "001_14": lambda names: attached(names, "databricks_compute", "/workspaces/bricks", "databricksAccessToken"),
    "001_15": lambda names: attached(names, "adla_compute", "/accounts/lake"),
    "001_08": lambda names: instance(names, "Running"),
    "003_01": lambda names: instance(names, "Running"),
    "003_03": lambda names: instance(names, "Running"),
    "003_04": lambda names: instance(names, "Stopped"),
    "003_05": lambda names: instance(names, "Running"),
    "003_06": lambda names: instance(names, "Running"),
    "003_07": lambda names: gone(names["ws"], names["compute_name"]),
}


@pytest.mark.parametrize("snippet", tried(["runs"]))
def test_a_snippet_runs(snippet, reader):
    CHECKS[compatibility.name(snippet)](reader(snippet))


@pytest.mark.parametrize("snippet", tried(["gone", "not yet"]))
def test_a_snippet_fails_for_the_reason_that_is_given(snippet, reader):
    with pytest.raises(Exception) as failed:
        reader(snippet)
    assert re.search(snippet["raises"], str(failed.value)), failed.value


def test_the_table_is_the_list_that_was_tried():
    assert compatibility.TABLE.read_text(encoding="utf-8") == compatibility.table(), (
        "write it anew: python conformance/support/compatibility.py")
