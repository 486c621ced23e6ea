"""A data science virtual machine of its target's own: made, entered, worked on, deleted (document 000; `DsvmCompute`)."""

import os

import pytest
from azureml.core import Experiment, ScriptRunConfig
from azureml.core.compute import ComputeTarget, DsvmCompute
from azureml.exceptions import ComputeTargetException

from support.runs import ended, log_of
from support.ssh import ssh

SCRIPT = """
import getpass, socket
open("outputs/host.txt", "w").write(socket.gethostname())
print("worked as", getpass.getuser())
"""


@pytest.fixture(scope="module")
def machine(ws):
    made = ComputeTarget.create(ws, "dsvm", DsvmCompute.provisioning_configuration(vm_size="Standard_D2_v2", ssh_port=2022))
    made.wait_for_completion(show_output=True)
    yield made
    made.delete()
    made.wait_for_completion(is_delete_operation=True)
    assert "dsvm" not in ws.compute_targets


def test_it_is_made_with_an_account(ws, machine):
    assert isinstance(ws.compute_targets["dsvm"], DsvmCompute)
    assert (machine.provisioning_state, machine.vm_size, machine.is_attached) == ("Succeeded", "Standard_D2_v2", False)
    account = machine.get_credentials()["administratorAccount"]
    assert account["username"] == "azureuser" and len(account["password"]) >= 16


@pytest.mark.runtime("docker")
def test_its_user_enters_it(machine, tmp_path):
    account = machine.get_credentials()["administratorAccount"]
    entered = ssh("sudo -n id -un && hostname", machine.address, machine.ssh_port, account["username"],
                  password=(tmp_path, account["password"]))
    assert entered.stdout.split() == ["root", "dsvm"], entered.stderr


@pytest.mark.runtime("docker", "process")
def test_a_job_runs_on_it(request, machine, ws, environment, tmp_path):
    (tmp_path / "train.py").write_text(SCRIPT)
    run = Experiment(ws, "on-dsvm").submit(ScriptRunConfig(
        str(tmp_path), "train.py", compute_target=machine, environment=environment))

    assert ended(run) == "Completed", run.get_details()
    assert "worked as" in log_of(run)
    run.download_file("outputs/host.txt", str(tmp_path / "host.txt"))
    on_docker = os.environ.get("MALACHITE_TEST_RUNTIMES") == "docker"
    assert ((tmp_path / "host.txt").read_text() == "dsvm") == on_docker


def test_it_cannot_be_detached_nor_have_another_size(ws, machine):
    with pytest.raises(ComputeTargetException, match="Detach is not supported"):
        machine.detach()
    with pytest.raises(ComputeTargetException, match="virtualMachineSize"):
        ComputeTarget.create(ws, "dsvm", DsvmCompute.provisioning_configuration(vm_size="Standard_D3_v2"))
