"""Every snippet of documents 000, 001 and 003, as it stands there, does what docs/compatibility.md says of it."""

import re
import subprocess

import azureml.core
import pytest
import requests
from azureml.core import Experiment, ScriptRunConfig
from azureml.core.compute import AmlCompute, ComputeInstance, ComputeTarget

from support import compatibility
from support.runs import ended, error_of, log_of
from support.waiting import wait_until

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


def in_workspace(names, name):
    assert name in names["ws"].compute_targets


def gone(ws, name):
    assert name not in ws.compute_targets


def instance(names, state):
    assert names["instance"].get_status().state == state


CHECKS = {
    "000_01": local_run,
    "000_02": scikit_learn,
    "000_03": lambda names: in_workspace(names, "mydsvm"),
    # Its machine is taken down first.
    "000_06": lambda names: wait_until(lambda: "mydsvm" not in names["ws"].compute_targets, "the machine's end"),
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


@pytest.mark.runtime("docker")
def test_snippets_typed_into_the_terminal_of_an_instance(ws, tmp_path):
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    instance = ComputeInstance.create(ws, "terminal" + ws._workspace_id[:8], ComputeInstance.provisioning_configuration(
        vm_size="STANDARD_D2_V2", ssh_public_access=True, admin_user_ssh_public_key=(tmp_path / "key.pub").read_text()))
    instance.wait_for_completion()
    typed = ["set -e"]
    for each in SNIPPETS.values():
        file = compatibility.FOLDER / f"{compatibility.name(each)}.sh"
        if file.exists():
            typed += [f"echo '# {compatibility.name(each)}'", file.read_text(encoding="utf-8")]
    typed.append("which python; conda deactivate; which python; conda env list")
    said = subprocess.run(
        ["ssh", "-T", "-i", key, "-p", str(instance.ssh_port), "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
         "-o", f"UserKnownHostsFile={tmp_path / 'hosts'}", f"{instance.admin_username}@{instance.public_ip_address}"],
        input="\n".join(typed), capture_output=True, text=True, timeout=300)
    assert said.returncode == 0, said.stdout + said.stderr
    places = [line for line in said.stdout.splitlines() if line.startswith("/")]
    assert places == ["/home/azureuser/.conda/envs/newenv/bin/python", "/opt/malachite/env/bin/python"], said.stdout
    assert re.search(r"^newenv +/home", said.stdout, re.M), said.stdout
    jupyter = {each["displayName"]: each["endpointUri"] for each in instance.applications}["Jupyter"].rsplit("/", 1)[0]
    kernels = requests.get(f"{jupyter}/api/kernelspecs", headers=ws._auth.get_authentication_header()).json()["kernelspecs"]
    assert kernels["newenv"]["spec"]["display_name"] == "Python (newenv)"
    instance.delete()


@pytest.mark.parametrize("snippet", tried(["gone"]))
def test_a_snippet_fails_for_the_reason_that_is_given(snippet, reader):
    with pytest.raises(Exception) as failed:
        reader(snippet)
    assert re.search(snippet["raises"], str(failed.value)), failed.value


def test_the_table_is_the_list_that_was_tried():
    assert compatibility.TABLE.read_text(encoding="utf-8") == compatibility.table(), (
        "write it anew: python conformance/support/compatibility.py")
